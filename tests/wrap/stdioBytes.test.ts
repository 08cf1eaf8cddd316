/** The proxy on stdio as a process of its own: whoever starts it cannot tell it from the server. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { COMMAND, cleanEnvironment, temporaryDataDir } from '../e2e/support/collector.ts';

const PUPPET = fileURLToPath(new URL('./servers/puppet.mjs', import.meta.url));
const MEGABYTE = 1_000_000;

let dataDir: string;
let remove: () => void;

beforeEach(() => {
  ({ dataDir, remove } = temporaryDataDir());
});
afterEach(() => remove());

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

function start(command: readonly string[]): Child {
  const [file, ...args] = command;
  // Nobody listens on port 9: what a proxy without a collector does is what it has to do with one.
  const env = { ...cleanEnvironment(dataDir), MCP_VITALS_URL: 'http://127.0.0.1:9' };
  const child = spawn(file!, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // A server may end before it has read everything.
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

const puppet = (...role: string[]): string[] => [process.execPath, PUPPET, ...role];
const wrapped = (command: readonly string[]): string[] => [process.execPath, COMMAND, 'wrap', '--', ...command];

interface Outcome {
  stdout: Buffer;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

async function outcomeOf(child: Child): Promise<Outcome> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { stdout, stderr, code, signal };
}

/** What comes back from a process that says what it hears, for the input in these pieces. */
async function echoOf(pieces: readonly Uint8Array[]): Promise<Outcome> {
  const child = start(wrapped(puppet('cat')));
  const outcome = outcomeOf(child);
  for (const piece of pieces) if (!child.stdin.write(piece)) await once(child.stdin, 'drain');
  child.stdin.end();
  return outcome;
}

async function expectUnchanged(pieces: readonly Uint8Array[]): Promise<void> {
  const sent = Buffer.concat(pieces);
  const { stdout, code } = await echoOf(pieces);
  expect(code).toBe(0);
  expect(stdout.length).toBe(sent.length);
  expect(stdout.equals(sent)).toBe(true);
}

const CALL = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'écho', arguments: { text: '\u{1f600}' } },
};

describe('bytes pass unchanged and in order', () => {
  it('of one message of 50 MB', async () => {
    const params = { name: 'echo', arguments: { text: 'ü"\\'.repeat(10 * MEGABYTE) } };
    await expectUnchanged([Buffer.from(`${JSON.stringify({ ...CALL, params })}\n`)]);
  });

  it('of a line that is split at every byte', async () => {
    await expectUnchanged([...Buffer.from(`${JSON.stringify(CALL)}\r\n\n`)].map((byte) => Buffer.of(byte)));
  });

  it('that are no text at all', async () => {
    await expectUnchanged([randomBytes(2 * MEGABYTE)]);
  });

  it('without a line end at their end', async () => {
    await expectUnchanged([Buffer.from(JSON.stringify(CALL))]);
  });

  it('of anything between a message and nonsense', async () => {
    const line = fc.oneof(
      fc.json().map((json) => `${json}\n`),
      fc.constantFrom(
        '{"jsonrpc":"2.0","id":1,"meth\n',
        '[[[[{"id":\n',
        '\n\n',
        '\u0000\n',
        `${JSON.stringify(CALL)}\n`,
      ),
      fc.string({ unit: 'binary' }),
    );
    const piece = fc.oneof(
      line.map((said) => Buffer.from(said)),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 40 }), expectUnchanged), {
      numRuns: 5 * inject('thoroughness'),
    });
  });

  it('of a server that writes more than its client has read', async () => {
    const child = start(wrapped(puppet('write', String(40 * MEGABYTE))));
    const sum = text(child.stderr);
    // The client reads when it is told that the server has come to a stop: not before all buffers are full.
    await once(child.stdout, 'readable');
    const hash = createHash('sha256');
    for await (const chunk of child.stdout) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(await sum);
  });
});

describe('back-pressure', () => {
  it('reaches a client whose server does not read', async () => {
    const child = start(wrapped(puppet('deaf')));
    await once(child.stdout, 'data');
    const chunk = Buffer.alloc(MEGABYTE, 'x');
    let taken = 0;
    // What pipes, sockets and streams on the way hold is less than this by far.
    while (taken < 64 && child.stdin.write(chunk)) taken += 1;
    while (taken < 64 && (await hasDrained(child.stdin))) {
      child.stdin.write(chunk);
      taken += 1;
    }
    expect(taken).toBeLessThan(64);
    child.kill('SIGTERM');
    expect((await outcomeOf(child)).signal).toBe('SIGTERM');
  });
});

/** Whether the stream has taken what it was given; no when it took nothing for as long as a busy machine needs. */
function hasDrained(stream: Writable): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(false), 1_000);
    const drained = () => settle(true);
    const settle = (value: boolean) => {
      clearTimeout(timer);
      stream.removeListener('drain', drained);
      resolve(value);
    };
    stream.once('drain', drained);
  });
}

describe('it ends as the server does', () => {
  it.each([
    ['with 0', puppet('exit', '0')],
    ['with 7', puppet('exit', '7')],
    ['with 255', puppet('exit', '255')],
    ['by SIGTERM', puppet('raise', 'SIGTERM')],
    ['by SIGKILL', puppet('raise', 'SIGKILL')],
    ['by SIGSEGV', puppet('raise', 'SIGSEGV')],
  ])('%s', async (_how, command) => {
    expect(await outcomeOf(start(wrapped(command)))).toEqual(await outcomeOf(start(command)));
  });

  it('with nothing on stderr but what the server says, though no collector is there', async () => {
    const child = start(wrapped(puppet('mcp')));
    const outcome = outcomeOf(child);
    child.stdin.end(`${JSON.stringify(CALL)}\n`);
    const { stdout, stderr, code } = await outcome;
    expect(JSON.parse(stdout.toString())).toMatchObject({ id: 1, result: { content: [{ type: 'text' }] } });
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('when stdin ends', async () => {
    const child = start(wrapped(puppet('cat')));
    child.stdin.end();
    expect(await outcomeOf(child)).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('even when the server has left a process that holds its stdout', async () => {
    const child = start(wrapped(puppet('orphan')));
    const pid = Number((await once(child.stdout, 'data'))[0]);
    onTestFinished(() => {
      process.kill(pid, 'SIGKILL');
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(isAlive(pid)).toBe(true);
  });

  it('when its client reads no more', async () => {
    const child = start(wrapped(puppet('write', String(40 * MEGABYTE))));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    expect(code !== 0 || signal !== null).toBe(true);
  });

  it('as a shell does for what it cannot start', async () => {
    const missing = await outcomeOf(start(wrapped(['/nonexistent/server'])));
    expect(missing).toMatchObject({ code: 127, stderr: 'mcp-vitals: /nonexistent/server: command not found\n' });
    expect(await outcomeOf(start(wrapped([PUPPET])))).toMatchObject({ code: 126 });
  });
});

describe('signals', () => {
  it('are for the server to decide about', async () => {
    const child = start(wrapped(puppet('signals')));
    const said: string[] = [];
    const next = async () => {
      said.push(String((await once(child.stdout, 'data'))[0]).trim());
    };
    await next();
    for (const signal of ['SIGINT', 'SIGHUP', 'SIGUSR2'] as const) {
      child.kill(signal);
      await next();
    }
    expect(said).toEqual(['ready', 'SIGINT', 'SIGHUP', 'SIGUSR2']);
    child.kill('SIGTERM');
    expect(await outcomeOf(child)).toMatchObject({ code: 3, signal: null });
  });

  it('that cannot be passed on leave no server behind', async () => {
    const child = start(wrapped([process.execPath, '-e', 'console.log(process.pid); process.stdin.resume()']));
    const pid = Number((await once(child.stdout, 'data'))[0]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
