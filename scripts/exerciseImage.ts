/**
 * Takes the steps of the image of the collector (`deploy/Dockerfile`) on this machine, where there is no container engine:
 * installs the packed packages into an empty folder with the script that the image's build runs, starts the collector as
 * the image does, with its user, its environment and nothing that can be written but the data, asks its health check, has
 * a server of the example's image monitored, and ends it as Docker would.
 *
 *     node --conditions=@mcp-vitals/source --import tsx scripts/exerciseImage.ts      as root, on Linux
 */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ContainerOptions, spawnContained, whyNot } from './image/container.ts';
import { type ImageStage, readStage } from './image/dockerfile.ts';
import { packPackages } from './packPackages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEPLOY = join(ROOT, 'deploy');
/** Nobody's else; installing needs no right that running does not. */
const BUILDER = 20_001;
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 200;

export interface Exercised {
  installedMb: number;
  version: string;
  /** Of the example's server, as the collector counted them. */
  calls: number;
  /** What the collector said when it was told to end. */
  exitCode: number | null;
  /** What it complained of. */
  errors: string;
}

/** @throws Error with what was said, when a step fails */
export async function exerciseImage(port: number, say: (line: string) => void = () => {}): Promise<Exercised> {
  const dir = mkdtempSync(join(tmpdir(), 'mcp-vitals-image-'));
  chmodSync(dir, 0o755);
  const running: ChildProcess[] = [];
  try {
    return await new Exercise(dir, port, running, say).run();
  } finally {
    for (const child of running) child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
}

class Exercise {
  readonly #collector: ImageStage;
  readonly #example: ImageStage;
  readonly #dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');

  constructor(
    private readonly dir: string,
    private readonly port: number,
    private readonly running: ChildProcess[],
    private readonly say: (line: string) => void,
  ) {
    this.#collector = readStage(this.#dockerfile, 'collector');
    this.#example = readStage(this.#dockerfile, 'example');
  }

  async run(): Promise<Exercised> {
    this.say('packing');
    this.#pack();
    this.say('installing the collector and the example');
    await Promise.all([
      this.#install('collector-files', '/opt/mcp-vitals'),
      this.#install('example-files', '/opt/example'),
    ]);
    cpSync(join(DEPLOY, 'example'), join(this.dir, 'opt/example'), { recursive: true });
    this.say('starting the collector');
    const collector = this.#startCollector();
    const said = heard(collector);
    await this.#untilHealthy(collector, said);
    const read = readFileSync(join(this.dir, 'data/tokens/read'), 'utf8').trim();
    this.say('starting the example');
    const calls = await this.#untilCalled(this.#startExample(), read);
    const { version } = await this.#ask<{ version: string }>('/healthz', read);
    this.say('ending the collector');
    collector.kill('SIGTERM');
    const [exitCode] = (await once(collector, 'exit')) as [number | null];
    return { installedMb: sizeMb(join(this.dir, 'opt/mcp-vitals')), version, calls, exitCode, errors: said.errors() };
  }

  #pack(): void {
    const packed = join(this.dir, 'packed');
    mkdirSync(packed);
    packPackages(packed);
  }

  /** Runs what the stage RUNs, in an empty folder, as a user who may write nothing else. */
  async #install(stage: string, folder: string): Promise<void> {
    const target = join(this.dir, folder);
    const home = join(this.dir, `home-${stage}`);
    mkdirSync(target, { recursive: true });
    mkdirSync(home, { recursive: true });
    for (const path of [target, home]) chownSync(path, BUILDER, BUILDER);
    const [command] = readStage(this.#dockerfile, stage).runs;
    const child = this.#start(
      ['sh', '-c', command!.replace('/installPackages.sh /packed', '"$0" "$1"'), ...this.#inputs()],
      {
        user: `${BUILDER}:${BUILDER}`,
        env: { PATH: process.env.PATH!, HOME: home, npm_config_cache: join(home, '.npm') },
        mounts: [{ from: target, to: folder }],
        readOnly: false,
      },
    );
    const said = heard(child);
    const [exitCode] = await once(child, 'exit');
    if (exitCode !== 0) throw new Error(`Installing ${folder} failed: ${said.all()}`);
    run('chown', ['-R', '0:0', target]);
  }

  #inputs(): string[] {
    const script = join(this.dir, 'installPackages.sh');
    cpSync(join(DEPLOY, 'installPackages.sh'), script);
    return [script, join(this.dir, 'packed')];
  }

  #startCollector(): ChildProcess {
    const { user, env, command } = this.#collector;
    const data = join(this.dir, 'data');
    mkdirSync(data, { mode: 0o700 });
    const [uid, gid] = user.split(':').map(Number);
    chownSync(data, uid!, gid!);
    return this.#start(command, {
      user,
      env: { ...env, PATH: this.#path(env), MCP_VITALS_PORT: String(this.port) },
      mounts: [
        { from: join(this.dir, 'opt/mcp-vitals'), to: '/opt/mcp-vitals', readOnly: true },
        { from: data, to: env.MCP_VITALS_DATA! },
        { to: '/tmp' },
      ],
      readOnly: true,
    });
  }

  #startExample(): ChildProcess {
    const { user, env, command } = this.#example;
    const token = readFileSync(join(this.dir, 'data/tokens/ingest'), 'utf8').trim();
    const settings = { MCP_VITALS_URL: `http://127.0.0.1:${this.port}`, MCP_VITALS_TOKEN: token };
    return this.#start(command, {
      user,
      env: { ...env, PATH: process.env.PATH!, ...settings, MCP_VITALS_DATA: '/tmp/mcp-vitals', PORT: '0' },
      mounts: [{ from: join(this.dir, 'opt/example'), to: '/opt/example', readOnly: true }, { to: '/tmp' }],
      readOnly: true,
    });
  }

  /** Node is where this machine has it. */
  #path(env: Readonly<Record<string, string>>): string {
    return `${env.PATH}:${dirname(process.execPath)}`;
  }

  async #untilHealthy(collector: ChildProcess, said: Heard): Promise<void> {
    const { healthcheck, user, env } = this.#collector;
    await until(async () => {
      if (collector.exitCode !== null) throw new Error(`The collector ended: ${said.all()}`);
      const check = this.#start(healthcheck, {
        user,
        env: { ...env, PATH: process.env.PATH!, MCP_VITALS_PORT: String(this.port) },
        mounts: [],
        readOnly: true,
      });
      const [exitCode] = await once(check, 'exit');
      return exitCode === 0;
    });
  }

  async #untilCalled(example: ChildProcess, token: string): Promise<number> {
    const said = heard(example);
    let calls = 0;
    await until(async () => {
      if (example.exitCode !== null) throw new Error(`The example ended: ${said.all()}`);
      const { tools } = await this.#ask<{ tools: { calls: number }[] }>('/api/v1/tools', token);
      calls = tools.reduce((sum, tool) => sum + tool.calls, 0);
      return calls > 0;
    });
    return calls;
  }

  async #ask<Answer>(path: string, token: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { headers });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  #start(command: readonly string[], options: ContainerOptions): ChildProcess {
    const child = spawnContained(command, options);
    this.running.push(child);
    return child;
  }
}

interface Heard {
  errors(): string;
  all(): string;
}

function heard(child: ChildProcess): Heard {
  const said = { out: '', errors: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    said.out += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.errors += chunk;
  });
  return { errors: () => said.errors, all: () => said.out + said.errors };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const startedMs = Date.now();
  while (!(await isSo())) {
    if (Date.now() - startedMs > PATIENCE_MS) throw new Error('It took too long');
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

function run(command: string, args: string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stdout}${stderr}`);
}

function sizeMb(path: string): number {
  const { stdout } = spawnSync('du', ['-sm', path], { encoding: 'utf8' });
  return Number.parseInt(stdout, 10);
}

async function main(): Promise<number> {
  const reason = whyNot();
  if (reason !== undefined || !existsSync(join(ROOT, 'packages/collector/dist'))) {
    console.error(`This ${reason ?? 'needs the packages to be built: npm run pack'}.`);
    return 1;
  }
  const port = 26_848;
  console.log(await exerciseImage(port, (line) => console.error(`> ${line}`)));
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
