/**
 * An MCP server whose tools take the time that the arguments of the process say; over stdio, or with `http` over Streamable HTTP
 * on a free port, which it prints. As JavaScript, because it runs in plain Node:
 *   timed.mjs DELAY_MS [http] [die-after CALLS] [hang-after CALLS]
 * `steady` waits and needs an argument, `fails` answers with an error, `erase` says that it is destructive, `secret` needs what
 * nobody can guess.
 */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const words = process.argv.slice(2);
const delayMs = Number(words[0]);
const limit = (name) => (words.includes(name) ? Number(words[words.indexOf(name) + 1]) : Number.POSITIVE_INFINITY);
const [dieAfter, hangAfter] = [limit('die-after'), limit('hang-after')];

const object = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const TOOLS = [
  { name: 'steady', inputSchema: object({ id: { type: 'integer', minimum: 7 } }), annotations: { readOnlyHint: true } },
  { name: 'fails', inputSchema: object({}) },
  { name: 'erase', inputSchema: object({}), annotations: { destructiveHint: true } },
  { name: 'secret', inputSchema: object({ word: { type: 'string', pattern: '^open [a-z]{6}$' } }) },
];

let steadyCalls = 0;

async function callTool({ name, arguments: args }) {
  const text = (value, isError = false) => ({ content: [{ type: 'text', text: value }], isError });
  if (name === 'fails') return text('the private reason', true);
  if (name !== 'steady') return text('done');
  if (args.id !== 7) return text('not the smallest id', true);
  steadyCalls += 1;
  if (steadyCalls > dieAfter) {
    process.stderr.write('Error: out of memory\n');
    process.exit(3);
  }
  await delay(steadyCalls > hangAfter ? 3_600_000 : delayMs);
  return text('the private result');
}

async function answer({ method, params }) {
  if (method === 'initialize') {
    const { protocolVersion } = params;
    return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'timed', version: '1.0.0' } };
  }
  if (method === 'tools/list') return { tools: TOOLS };
  return method === 'tools/call' ? callTool(params) : {};
}

const reply = async (message) => JSON.stringify({ jsonrpc: '2.0', id: message.id, result: await answer(message) });

if (words.includes('http')) {
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST' || request.headers['x-key'] !== 'sesame') return response.writeHead(405).end();
    let body = '';
    for await (const chunk of request) body += chunk;
    const message = JSON.parse(body);
    if (message.id === undefined) return response.writeHead(202).end();
    return response.writeHead(200, { 'content-type': 'application/json' }).end(await reply(message));
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}/mcp\n`));
} else {
  createInterface({ input: process.stdin })
    .on('line', async (line) => {
      const message = JSON.parse(line);
      if (message.id !== undefined) process.stdout.write(`${await reply(message)}\n`);
    })
    .on('close', () => process.exit());
}
