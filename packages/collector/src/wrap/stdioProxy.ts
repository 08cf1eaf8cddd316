/**
 * A server on stdio, started as a child and left alone: bytes pass in both directions as they are and as fast as the slower
 * side takes them, stderr is the child's own, and so are the end of stdin, signals, and how it exits. What passes is read
 * along after it has been passed on.
 */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import spawn from 'cross-spawn';
import { systemClock } from '../clock.ts';
import { openOutput } from './outputStream.ts';
import { passSignals } from './passSignals.ts';
import type { Conversation } from './readConversation.ts';

export interface StdioProxyOptions {
  file: string;
  args: readonly string[];
  /** Name to monitor the server under; its own when absent. */
  name: string | undefined;
  /** What it belongs to; the default one when absent. */
  workspace: string | undefined;
}

type Exit = [code: number | null, signal: NodeJS.Signals | null];

/** What a shell answers for a command that it cannot run. */
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;

/** How long a process that outlives the server may hold its stdout without a word. */
const QUIET_MS = 50;

/** Starts the server. The process ends as the server does, once everything has passed. */
export async function runStdioProxy({ file, args, name, workspace }: StdioProxyOptions): Promise<void> {
  // A server that has the SDK in it would count its calls a second time.
  const env = { ...process.env, MCP_VITALS: 'off' };
  const child = spawn(file, [...args], { stdio: ['pipe', 'pipe', 'inherit'], env, windowsHide: true });
  const { pid } = child;
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (pid === undefined) cannotStart(file, error);
  });
  if (pid === undefined) return;
  const exited = new Promise<Exit>((resolve) => child.once('exit', (...exit) => resolve(exit)));
  const stopPassing = passSignals(child);
  const output = openOutput();
  // Loaded while the server starts, which takes longer. What is said in the meantime waits in the pipes.
  const { readConversation } = await import('./readConversation.ts');
  const conversation = readConversation({ pid, file, name, workspace });
  connect(child, output, conversation);
  const exit = await exited;
  await drained(child.stdout!, output);
  conversation.ended();
  stopPassing();
  // A process that is left behind may write on, but to nobody.
  child.stdout!.destroy();
  endAs(exit, output);
}

function connect(child: ChildProcess, output: Writable, conversation: Conversation): void {
  const input = process.stdin;
  // A side that has closed its end has its reasons; the other one is told in the same way.
  child.stdin!.on('error', () => input.destroy());
  output.on('error', () => child.stdout!.destroy());
  input.pipe(child.stdin!);
  child.stdout!.pipe(output, { end: false });
  tap(input, conversation.fromClient);
  tap(child.stdout!, conversation.fromServer);
}

/** Reads along, behind whoever listened first. */
function tap(stream: Readable, read: (chunk: Uint8Array) => void): void {
  const readSafely = (chunk: Uint8Array) => {
    try {
      read(chunk);
    } catch {
      // What cannot be read is not measured; it has passed.
      stream.removeListener('data', readSafely);
    }
  };
  stream.on('data', readSafely);
}

/** Resolves when all that the server has written has been taken. A process that it leaves behind may hold its stdout. */
function drained(from: Readable, to: Writable): Promise<void> {
  return new Promise((resolve) => {
    const whenWritten = () => (to.writableLength === 0 || to.destroyed ? resolve() : to.once('drain', whenWritten));
    if (from.readableEnded || from.destroyed) return whenWritten();
    let cancelWait = systemClock.after(QUIET_MS, whenWritten);
    from.on('data', () => {
      cancelWait();
      cancelWait = systemClock.after(QUIET_MS, whenWritten);
    });
    from.once('close', () => {
      cancelWait();
      whenWritten();
    });
  });
}

/** Lets this process end by itself, with what is measured sent or spooled on the way, and in the way the server ended. */
function endAs([code, signal]: Exit, output: Writable): void {
  process.stdin.destroy();
  if (output !== process.stdout) output.end();
  process.exitCode = code ?? 128 + constants.signals[signal!];
  if (signal !== null) process.once('exit', () => process.kill(process.pid, signal));
}

function cannotStart(file: string, { code, message }: NodeJS.ErrnoException): void {
  const isMissing = code === 'ENOENT';
  process.stderr.write(`mcp-vitals: ${isMissing ? `${file}: command not found` : message}\n`);
  process.stdin.destroy();
  process.exitCode = isMissing ? NOT_FOUND : CANNOT_EXECUTE;
}
