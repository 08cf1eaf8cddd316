/** Somebody who follows a guide: types its blocks into a shell, has the programs that it asks for, and nothing else. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { findMonitoringProgram } from '../../../packages/collector/src/testing/monitoringPrograms.ts';
import { cleanEnvironment, temporaryDataDir } from '../../e2e/support/collector.ts';
import type { GuideBlock } from './guide.ts';

/** Stands before npm, and has packages of this repository come from tarballs. */
const NPM = fileURLToPath(new URL('npm.mjs', import.meta.url));
const PATIENCE_MS = 90_000;
const LOOK_AGAIN_MS = 500;

export interface Reader {
  /** Does what a block says. @throws Error with what was printed, when it does not end as the page says */
  follow(block: GuideBlock): Promise<void>;
  /** Ends what goes on, and deletes the home directory. */
  leave(): Promise<void>;
}

/**
 * @param tarballs of the packages of this repository
 * @param ports put in place of those of the page, which may be in use on this machine: `{ 6848: 41234 }`
 */
export function createReader(tarballs: readonly string[], ports: Readonly<Record<number, number>>): Reader {
  const { dataDir: home, remove } = temporaryDataDir();
  const env = { ...environment(home, tarballs), MCP_VITALS_PORT: String(ports[6848] ?? 6848) };
  const goingOn: ChildProcess[] = [];

  function type(commands: string): ChildProcess {
    const typed = commands.replace(/\b\d{4,5}\b/g, (number) => String(ports[Number(number)] ?? number));
    // The next block is typed where this one has led.
    const script = `cd "$(cat ~/.cwd 2>/dev/null || echo ~)"\ntrap 'pwd > ~/.cwd' EXIT\n${typed}`;
    return spawn('bash', ['-euo', 'pipefail', '-c', script], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function run(commands: string): Promise<{ output: string; code: number | null }> {
    const child = type(commands);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    return { output: stdout + stderr, code };
  }

  async function runUntil(commands: string, wantedText: string): Promise<void> {
    const startedMs = Date.now();
    for (;;) {
      const { output } = await run(commands);
      if (output.includes(wantedText)) return;
      if (Date.now() - startedMs > PATIENCE_MS) throw new Error(`"${wantedText}" did not come:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  async function start(commands: string, readyText: string): Promise<void> {
    const child = type(commands);
    goingOn.push(child);
    await new Promise<void>((resolve, reject) => {
      let output = '';
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes(readyText)) resolve();
      };
      child.stdout!.on('data', read);
      child.stderr!.on('data', read);
      child.once('exit', (code) => reject(new Error(`it ended with ${code} before "${readyText}":\n${output}`)));
    });
  }

  return {
    async follow({ text: content, mode }) {
      if (mode.kind === 'notRun') return;
      if (mode.kind === 'file') {
        mkdirSync(join(home, dirname(mode.path)), { recursive: true });
        return writeFileSync(join(home, mode.path), content);
      }
      if (mode.kind === 'goesOn') return start(content, mode.readyText);
      if (mode.kind === 'until') return runUntil(content, mode.wantedText);
      const { output, code } = await run(content);
      if (code !== mode.exitCode) throw new Error(`it exited with ${code}:\n${output}`);
    },
    async leave() {
      for (const child of goingOn.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        process.kill(-child.pid!, 'SIGTERM');
        await ended;
      }
      remove();
    },
  };
}

/** Packages of this repository are installed as npm would deliver them; all else comes from where it always comes. */
function environment(home: string, tarballs: readonly string[]): NodeJS.ProcessEnv {
  const bin = join(home, '.bin');
  mkdirSync(bin);
  const program = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const npm = execFileSync('which', ['npm'], { encoding: 'utf8' }).trim();
  program('npm', `exec "${process.execPath}" "${NPM}" "${npm}" "$@"`);
  // Debian's name for it is longer.
  const alertmanager = findMonitoringProgram('prometheus-alertmanager');
  if (alertmanager !== undefined) program('alertmanager', `exec "${alertmanager}" "$@"`);
  return {
    ...cleanEnvironment(home),
    MCP_VITALS_DATA: undefined,
    PACKED: tarballs.join(delimiter),
    npm_config_prefix: join(home, '.npm-global'),
    npm_config_prefer_offline: 'true',
    PATH: [bin, join(home, '.npm-global', 'bin'), process.env.PATH].join(delimiter),
  };
}
