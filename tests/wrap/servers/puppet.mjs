/**
 * Does on stdio what the first argument says. As JavaScript, because it runs in plain Node:
 *   cat            what comes in goes out, until stdin ends
 *   deaf           reads nothing, says `deaf` and ends with SIGTERM only
 *   write N        writes N bytes of no protocol, as fast as they are taken, and the sum of what was written to stderr
 *   exit N         ends with N at once
 *   raise SIGNAL   ends by that signal
 *   signals        names the signals that it gets; SIGTERM ends it with 3
 *   mcp            a server with the tools `echo` and `big`
 *   orphan         ends, and leaves a process that holds its stdout
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const [role, argument] = process.argv.slice(2);

async function write(bytes) {
  const hash = createHash('sha256');
  let seed = 1;
  for (let written = 0; written < bytes; ) {
    const chunk = Buffer.alloc(Math.min(65_521, bytes - written));
    for (let i = 0; i < chunk.length; i += 1) {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      chunk[i] = seed >> 16;
    }
    hash.update(chunk);
    written += chunk.length;
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
  process.stderr.write(hash.digest('hex'));
}

const TOOLS = ['echo', 'big'].map((name) => ({ name, inputSchema: { type: 'object' } }));

function answer(method, params) {
  if (method === 'initialize') {
    const { protocolVersion } = params;
    return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'puppet', version: '1.0.0' } };
  }
  if (method === 'tools/list') return { tools: TOOLS };
  const text = params.name === 'big' ? 'x'.repeat(params.arguments.bytes) : JSON.stringify(params.arguments);
  return { content: [{ type: 'text', text }] };
}

function serve() {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) })}\n`);
  });
}

const ROLES = {
  cat: () => process.stdin.pipe(process.stdout),
  deaf: () => process.stdout.write('deaf', () => setInterval(() => {}, 60_000)),
  write: () => write(Number(argument)),
  exit: () => process.exit(Number(argument)),
  raise: () => process.kill(process.pid, argument),
  mcp: serve,
  signals() {
    for (const name of ['SIGINT', 'SIGHUP', 'SIGUSR2']) process.on(name, () => process.stdout.write(`${name}\n`));
    process.on('SIGTERM', () => process.exit(3));
    process.stdin.resume();
    process.stdout.write('ready\n');
  },
  orphan() {
    const left = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
      stdio: ['ignore', 'inherit', 'ignore'],
      detached: true,
    });
    left.unref();
    process.stdout.write(`${left.pid}\n`, () => process.exit(0));
  },
};

await ROLES[role]();
