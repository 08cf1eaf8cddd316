/**
 * A server on stdio that is started as a client would start it, and ended for certain: by the end of its stdin, else with all
 * that it has started. What it says on stderr is kept, as far as it tells why something failed.
 */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import spawn from 'cross-spawn';
import { systemClock } from './clock.ts';

export interface ServerCommand {
  command: string;
  args: readonly string[];
  /** All of it: nothing is added. */
  env: NodeJS.ProcessEnv;
  cwd?: string | undefined;
}

export interface ServerProcess {
  child: ChildProcess;
  /** Resolves with how it ended, in words. Of a command that cannot be started: why. */
  ended: Promise<string>;
  /** Resolves once nobody can write to its streams any more. */
  closed: Promise<unknown>;
  /** The newest lines on stderr, the oldest first; grows while the server writes. */
  complaints: readonly string[];
}

/** How long what an ended server wrote is awaited: a process it left behind may hold its stderr open for ever. */
const LAST_WORDS_MS = 1_000;
const KEPT_LINES = 50;

export function startServerProcess({ command, args, env, cwd }: ServerCommand): ServerProcess {
  // A group of its own: a package runner would leave its server behind when it is killed.
  const child = spawn(command, [...args], {
    env,
    cwd,
    stdio: 'pipe',
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  return { child, ended: endOf(child), closed, complaints: readComplaints(child) };
}

/**
 * Ends its stdin, and kills it when it runs on for longer than `exitMs`.
 * @returns how it ended by itself, in words; undefined when it had to be killed
 */
export async function endServerProcess(started: ServerProcess, exitMs: number): Promise<string | undefined> {
  const { child, ended, closed } = started;
  child.stdin!.end();
  const ending = await within(exitMs, ended);
  if (ending === undefined) killGroup(child.pid!);
  await within(LAST_WORDS_MS, closed);
  return ending;
}

/** What it said on stderr that tells most. */
export function tellingComplaint(complaints: readonly string[]): string | undefined {
  return complaints.findLast((line) => /error|exception/i.test(line)) ?? complaints.at(-1);
}

/** @returns undefined when it takes longer */
export async function within<T>(ms: number, happening: Promise<T>): Promise<T | undefined> {
  let cancel = () => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = systemClock.after(ms, () => resolve(undefined));
  });
  return Promise.race([happening, late]).finally(() => cancel());
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** Ends a process that `startServerProcess` started, and all that it has started, at once. */
export function killGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended after all.
  }
}

function readComplaints(child: ChildProcess): string[] {
  const lines: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => {
    if (line.trim() !== '') lines.push(line.trim());
    if (lines.length > KEPT_LINES) lines.shift();
  });
  return lines;
}
