/**
 * A calculator that speaks MCP on stdin and stdout by itself, without an MCP SDK, and reports its calls with
 * `createMonitor`. A division by zero is an answer that says `isError`.
 *
 *     npx tsx server.ts             the server, on stdin and stdout
 *     npx tsx server.ts --check     calls its own tools and compares what a temporary collector counted
 */
import { createInterface } from 'node:readline';
import { createMonitor } from '@mcp-vitals/sdk';

type Input = Record<'a' | 'b', number>;

interface Request {
  id?: number | string;
  method: string;
  params?: { name: string; arguments: Input; protocolVersion: string };
}

const NAME = 'example-calculator';
const VERSION = '1.0.0';
const METHOD_NOT_FOUND = -32_601;

const text = (value: number | string, isError = false) => ({
  content: [{ type: 'text', text: String(value) }],
  isError,
});

const TOOLS = new Map<string, (input: Input) => object>([
  ['add', ({ a, b }) => text(a + b)],
  ['divide', ({ a, b }) => (b === 0 ? text('division by zero', true) : text(a / b))],
]);

function serve(): void {
  const monitor = createMonitor({ serverName: NAME, serverVersion: VERSION });
  monitor.learnTools(TOOLS.keys()); // so that calls of others are counted together

  function callTool({ name, arguments: input }: NonNullable<Request['params']>): object {
    const run = TOOLS.get(name) ?? (() => text('no such tool', true));
    return monitor.call(name, () => run(input)); // runs it once, and hands on what it answers
  }

  function answer({ method, params }: Request): object | undefined {
    if (method === 'initialize') {
      const serverInfo = { name: NAME, version: VERSION };
      return { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo };
    }
    if (method === 'tools/list') {
      const inputSchema = { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } };
      return { tools: [...TOOLS.keys()].map((name) => ({ name, inputSchema })) };
    }
    return method === 'tools/call' && params ? callTool(params) : undefined;
  }

  createInterface({ input: process.stdin }).on('line', (line) => {
    const request = JSON.parse(line) as Request;
    if (request.id === undefined) return; // a notification
    const result = answer(request);
    const said = result ? { result } : { error: { code: METHOD_NOT_FOUND, message: 'method not found' } };
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, ...said })}\n`);
  });
}

if (process.argv.includes('--check')) await import('./check.ts');
else serve();
