/**
 * What the products that monitor MCP servers do with one and the same server: each question is asked of real processes,
 * beside the server without any of them, and `docs/comparison.md` shows the answers.
 *
 *     npm run compare
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceBetweenMarkers } from '../scripts/generatedSection.ts';
import { installPeers, PEERS_DIRECTORY } from './support/peers.ts';
import { openSink, type Sink } from './support/sink.ts';
import { type Exit, StdioServer } from './support/stdioServer.ts';

const PAGE = new URL('../docs/comparison.md', import.meta.url);
const PRODUCTS = [
  'mcp-vitals',
  '@sentry/node, tracesSampleRate 1',
  '@posthog/mcp',
  'agentcat',
  '@shinzolabs/instrumentation-mcp',
];
const SHAPES = ['v1-McpServer', 'v1-Server', 'v2-McpServer', 'v2-Server'] as const;
type Shape = (typeof SHAPES)[number];

/** Nobody listens there. */
const NO_BACKEND = 'http://127.0.0.1:9';
/** Products gather for up to some seconds before they send. */
const SENDING_MS = 12_000;

interface Subject {
  variant: string;
  shape: Shape;
  backend: string;
}

/** Starts a server, does something with it, and makes sure that it has ended. */
async function withServer<Result>(subject: Subject, use: (server: StdioServer) => Promise<Result>): Promise<Result> {
  const home = mkdtempSync(join(tmpdir(), 'mcp-vitals-compare-'));
  const sdk = new URL('../packages/sdk/dist/index.mjs', import.meta.url).href;
  const environment = {
    HOME: home,
    USERPROFILE: home,
    MCP_VITALS_DATA: join(home, 'data'),
    MCP_VITALS_URL: subject.backend,
    BENCH_SDK: sdk,
  };
  const args = ['server.mjs', subject.variant, subject.shape, subject.backend];
  const server = new StdioServer(args, PEERS_DIRECTORY, { ...process.env, ...environment });
  try {
    await server.initialize();
    return await use(server);
  } finally {
    if (server.isRunning) await server.end('SIGTERM');
    rmSync(home, { recursive: true, force: true });
  }
}

const yes = 'yes';
const verdict = (good: boolean, otherwise: string) => (good ? yes : `**${otherwise}**`);

/** Whether calls of a tool arrive at the backend, and what else does. */
async function records(variant: string, shape: Shape, sink: Sink) {
  return withServer({ variant, shape, backend: sink.url }, async (server) => {
    sink.takeBodies();
    await server.request('tools/list');
    for (let i = 0; i < 20; i += 1) await server.callTool('echo', { text: 'argument-marker' });
    await new Promise((resolve) => setTimeout(resolve, SENDING_MS));
    const sent = sink.takeBodies();
    return {
      calls: sent.includes('echo'),
      argument: sent.includes('argument-marker'),
      result: sent.includes('result-marker'),
    };
  });
}

/** Everything that a client reads in one conversation. */
async function conversation(
  variant: string,
  shape: Shape,
  backend: string,
): Promise<Record<string, string | undefined>> {
  return withServer({ variant, shape, backend }, async (server) => {
    const answers: Record<string, string | undefined> = {
      list: await server.request('tools/list'),
      echo: await server.callTool('echo', { text: 'a', context: 'mine' }),
      throwing: await server.callTool('throwing'),
      throws: await server.callTool('throws'),
    };
    if (shape.endsWith('McpServer')) {
      for (const change of ['update', 'disable', 'enable', 'remove']) {
        await server.callTool(change);
        answers[change] = await server.callTool('toggled');
      }
    }
    return answers;
  });
}

async function exits(variant: string, backend: string, how: 'stdin' | 'SIGTERM'): Promise<Exit | 'stays'> {
  return withServer({ variant, shape: 'v1-McpServer', backend }, async (server) => {
    await server.callTool('echo', { text: 'a' });
    return server.end(how);
  });
}

function compareExit(exit: Exit | 'stays', bare: Exit | 'stays'): string {
  if (exit === 'stays' || bare === 'stays') return verdict(exit === bare, 'stays');
  const sameStatus = exit.code === bare.code && exit.signal === bare.signal;
  const laterMs = Math.round(exit.afterMs - bare.afterMs);
  if (!sameStatus) return `**${exit.signal ?? exit.code} instead of ${bare.signal ?? bare.code}**`;
  return verdict(laterMs < 200, `${laterMs} ms later`);
}

/** Whether the server still answers a while after its monitoring found nobody to talk to. */
async function survives(variant: string): Promise<string> {
  return withServer({ variant, shape: 'v1-McpServer', backend: NO_BACKEND }, async (server) => {
    for (let i = 0; i < 20; i += 1) await server.callTool('echo', { text: 'a' });
    await new Promise((resolve) => setTimeout(resolve, SENDING_MS));
    return verdict((await server.callTool('echo', { text: 'a' })) !== undefined, 'the server has ended');
  });
}

type Row = [question: string, ...answers: string[]];

async function compare(sink: Sink): Promise<Row[]> {
  const bare: Partial<Record<Shape, Record<string, string | undefined>>> = {};
  for (const shape of SHAPES) bare[shape] = await conversation('bare', shape, sink.url);
  const bareExit = { stdin: await exits('bare', sink.url, 'stdin'), SIGTERM: await exits('bare', sink.url, 'SIGTERM') };

  const columns = await mapInTurn(PRODUCTS, async (variant) => {
    console.error(`> ${variant}`);
    const answers: [question: string, answer: string][] = [];
    const sent = { argument: false, result: false };
    for (const shape of SHAPES) {
      const recorded = await records(variant, shape, sink);
      sent.argument ||= recorded.argument;
      sent.result ||= recorded.result;
      answers.push([`records calls of ${shape.replace('-', ' `')}\``, verdict(recorded.calls, 'no')]);
    }
    answers.push(['arguments of tools stay in the process', verdict(!sent.argument, 'no')]);
    answers.push(['results of tools stay in the process', verdict(!sent.result, 'no')]);
    const same: Record<string, string[]> = {};
    for (const shape of SHAPES) {
      const answered = await conversation(variant, shape, sink.url);
      for (const [what, line] of Object.entries(answered)) {
        same[what] ??= [];
        if (line !== bare[shape]![what]) same[what].push(shape);
      }
    }
    const unchanged = (what: string) => verdict(same[what]!.length === 0, `differs: ${same[what]!.join(', ')}`);
    answers.push(['`tools/list` as without it, byte for byte', unchanged('list')]);
    answers.push(['tools get the arguments that were sent, one called `context` included', unchanged('echo')]);
    answers.push(['a tool that throws is run once', unchanged('throws')]);
    answers.push(['and its error is answered as without it', unchanged('throwing')]);
    for (const change of ['update', 'disable', 'enable', 'remove']) {
      answers.push([`\`${change}()\` of a registered tool works`, unchanged(change)]);
    }
    answers.push([
      'exits as without it at the end of stdin',
      compareExit(await exits(variant, sink.url, 'stdin'), bareExit.stdin),
    ]);
    answers.push(['… and on SIGTERM', compareExit(await exits(variant, sink.url, 'SIGTERM'), bareExit.SIGTERM)]);
    answers.push([
      '… and with its backend down',
      compareExit(await exits(variant, NO_BACKEND, 'stdin'), bareExit.stdin),
    ]);
    answers.push(['the server lives on with its backend down', await survives(variant)]);
    return answers;
  });
  return columns[0]!.map(([question], row) => [question, ...columns.map((column) => column[row]![1])]);
}

async function mapInTurn<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}

function versionOf(product: string): string {
  const name = product.split(',')[0]!;
  if (name === 'mcp-vitals') return 'mcp-vitals';
  const { version } = JSON.parse(readFileSync(join(PEERS_DIRECTORY, 'node_modules', name, 'package.json'), 'utf8'));
  return `${name} ${version}`;
}

installPeers();
const sink = await openSink(true);
const rows = await compare(sink);
sink.close();
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const head = ['', ...PRODUCTS.map(versionOf)];
const section = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
console.log(section);
writeFileSync(PAGE, replaceBetweenMarkers(readFileSync(PAGE, 'utf8'), 'comparison', section));
