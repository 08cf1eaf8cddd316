/**
 * An MCP server on stdio with a capacity that is known, for benchmarks. As JavaScript, because it runs in plain Node:
 *   slots.mjs SLOTS SERVICE_MS [fail-above CALLS]
 * `serve` takes one of the slots for the time of a service, and waits for one in line; with `fail-above` more calls at a time
 * are answered with an error. It can do SLOTS * 1000 / SERVICE_MS calls a second.
 */
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const words = process.argv.slice(2);
const [slots, serviceMs] = [Number(words[0]), Number(words[1])];
const failAbove = words.includes('fail-above')
  ? Number(words[words.indexOf('fail-above') + 1])
  : Number.POSITIVE_INFINITY;

const TOOLS = [{ name: 'serve', inputSchema: { type: 'object', properties: {} }, annotations: { readOnlyHint: true } }];

/** Until when each slot is taken. By plan and not by when a timer fires, so that the capacity is what it says. */
const freeAtMs = Array.from({ length: slots }, () => 0);
let underWay = 0;

async function serve() {
  underWay += 1;
  try {
    if (underWay > failAbove) return { content: [{ type: 'text', text: 'too many' }], isError: true };
    const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
    const nowMs = performance.now();
    freeAtMs[slot] = Math.max(nowMs, freeAtMs[slot]) + serviceMs;
    await delay(freeAtMs[slot] - nowMs);
    return { content: [{ type: 'text', text: 'done' }] };
  } finally {
    underWay -= 1;
  }
}

async function answer({ method, params }) {
  if (method === 'initialize') {
    const { protocolVersion } = params;
    return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'slots', version: '1.0.0' } };
  }
  if (method === 'tools/list') return { tools: TOOLS };
  return method === 'tools/call' ? serve() : {};
}

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const message = JSON.parse(line);
    if (message.id === undefined) return;
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: await answer(message) })}\n`);
  })
  .on('close', () => process.exit());
