/**
 * Prometheus, Alertmanager and VictoriaMetrics of the tests' own: real, on free ports of this machine, in directories that
 * go with them. Where the machine has none, tests that need one say so and are skipped; in the whole check that is a failure.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { freePort } from './freePort.ts';

export const MONITORING_PROGRAMS = [
  'prometheus',
  'promtool',
  'prometheus-alertmanager',
  'amtool',
  'victoria-metrics',
] as const;
export type MonitoringProgram = (typeof MONITORING_PROGRAMS)[number];

export interface RunningProgram {
  /** Without a slash at its end. */
  readonly url: string;
  /** Also holds its data. */
  readonly dir: string;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

/** Where it is on the PATH. */
export function findMonitoringProgram(name: MonitoringProgram): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((dir) => join(dir, name))
    .find((path) => existsSync(path));
}

/** A suite that needs the programs named, and is skipped where one is missing; never in the whole check. */
export function describeWithPrograms(name: string, programs: readonly MonitoringProgram[], body: () => void): void {
  const missing = programs.filter((program) => findMonitoringProgram(program) === undefined);
  const isSkipped = missing.length > 0 && process.env.MCP_VITALS_CI !== '1';
  describe.skipIf(isSkipped)(isSkipped ? `${name} (needs ${missing.join(', ')})` : name, body);
}

/**
 * @param config `prometheus.yml`; JSON is YAML too. Files that it names relative to itself may be put beside it: `files`.
 * Remote write is accepted.
 */
export function startPrometheus(config: object, files: Readonly<Record<string, string>> = {}): Promise<RunningProgram> {
  return start('prometheus', '/-/ready', { 'prometheus.yml': JSON.stringify(config), ...files }, (dir, port) => [
    `--config.file=${join(dir, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--web.enable-lifecycle',
    '--enable-feature=exemplar-storage,native-histograms',
  ]);
}

/**
 * @param config `alertmanager.yml`; JSON is YAML too
 * @param port of one that was stopped, to be found where that was; default: a free one
 */
export function startAlertmanager(config: object, port?: number): Promise<RunningProgram> {
  const files = { 'alertmanager.yml': JSON.stringify(config) };
  const argumentsOf = (dir: string, at: number) => [
    `--config.file=${join(dir, 'alertmanager.yml')}`,
    `--storage.path=${join(dir, 'data')}`,
    `--web.listen-address=127.0.0.1:${at}`,
    '--cluster.listen-address=',
  ];
  return start('prometheus-alertmanager', '/-/ready', files, argumentsOf, port);
}

export function startVictoriaMetrics(): Promise<RunningProgram> {
  return start('victoria-metrics', '/health', {}, (dir, port) => [
    `-storageDataPath=${join(dir, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=12',
  ]);
}

async function start(
  program: MonitoringProgram,
  readyPath: string,
  files: Readonly<Record<string, string>>,
  argumentsOf: (dir: string, port: number) => string[],
  wantedPort?: number,
): Promise<RunningProgram> {
  const path = findMonitoringProgram(program);
  if (path === undefined) throw new Error(`There is no ${program} on this machine`);
  const dir = mkdtempSync(join(tmpdir(), `mcp-vitals-${program}-`));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
  const port = wantedPort ?? (await freePort());
  const child = spawn(path, argumentsOf(dir, port), { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;

  async function stop(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }

  try {
    await untilReady(child, `${url}${readyPath}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, dir, stop };
}

/** @throws Error with the last of what the program said, when it ends or is not ready in time */
async function untilReady(child: ChildProcess, readyUrl: string): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const startedMs = Date.now();
  for (;;) {
    const isReady = await fetch(readyUrl).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    if (child.exitCode !== null || Date.now() - startedMs > 60_000) throw new Error(`It did not become ready: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
