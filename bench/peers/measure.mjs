/**
 * Measures one variant in this process and prints one line of JSON. Every server here has ten tools and is called
 * through a transport that does nothing: raw JSON-RPC messages in, answers out.
 *
 *     node --expose-gc measure.mjs VARIANT low-level|McpServer SINK_URL pairs|continuous|paced SETTINGS
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { VARIANTS } from './variants.mjs';

const TOOLS = Array.from({ length: 10 }, (_, index) => `tool_${index}`);
const ANSWER = { content: [{ type: 'text', text: 'ok' }] };

function createServer(level, { prepare, wrap }) {
  const server =
    level === 'McpServer'
      ? new McpServer({ name: 'bench', version: '1' })
      : new Server({ name: 'bench', version: '1' }, { capabilities: { tools: {} } });
  prepare(server);
  if (level === 'McpServer') for (const tool of TOOLS) server.tool(tool, 'Answers', async () => ANSWER);
  else server.setRequestHandler(CallToolRequestSchema, async () => ANSWER);
  wrap(server);
  return server;
}

/** Connects a server to nothing but a function that calls its next tool. */
async function connect(server, tools = TOOLS) {
  const answered = new Map();
  const transport = {
    start: async () => {},
    close: async () => {},
    async send(message) {
      answered.get(message.id)?.(message);
      answered.delete(message.id);
    },
  };
  await server.connect(transport);
  let id = 0;
  const request = (method, params) =>
    new Promise((resolve) => {
      id += 1;
      answered.set(id, resolve);
      transport.onmessage({ jsonrpc: '2.0', id, method, params });
    });
  const clientInfo = { name: 'bench', version: '1' };
  await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  transport.onmessage({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return () => request('tools/call', { name: tools[id % tools.length], arguments: {} });
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

async function memoryKb() {
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc();
    await nextTurn();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_024;
}

/** @param together calls that are under way at once */
async function usPerCall(call, calls, together = 1) {
  const startedMs = performance.now();
  if (together === 1) for (let i = 0; i < calls; i += 1) await call();
  else for (let i = 0; i < calls; i += together) await Promise.all(Array.from({ length: together }, call));
  return ((performance.now() - startedMs) * 1_000) / calls;
}

/** What a server with ten tools costs more to make when it is wrapped. */
function addedUsToMake(variant, level, bareVariant) {
  const us = (of) => {
    const startedMs = performance.now();
    createServer(level, of);
    return (performance.now() - startedMs) * 1_000;
  };
  return median(Array.from({ length: 300 }, () => us(variant) - us(bareVariant)));
}

/**
 * Rounds of bare and wrapped calls side by side: what each of a pair of rounds took longer, and the cost of wrapping.
 * The finest measure there is, for variants that leave nothing to be done later.
 */
async function measurePairs(variant, level, { rounds, calls, together = 1 }) {
  const bareVariant = await VARIANTS.bare.load();
  // Calls overlap where they are of one tool.
  const tools = together === 1 ? TOOLS : TOOLS.slice(0, 1);
  const bare = await connect(createServer(level, bareVariant), tools);
  const wrapped = await connect(createServer(level, variant), tools);
  const added = [];
  const own = [];
  for (let round = -10; round < rounds; round += 1) {
    const order = round % 2 === 0 ? [bare, wrapped] : [wrapped, bare];
    const us = new Map();
    for (const call of order) {
      us.set(call, await usPerCall(call, calls, together));
      await nextTurn();
    }
    if (round < 0) continue;
    own.push(us.get(wrapped));
    added.push(us.get(wrapped) - us.get(bare));
  }
  return { usPerCall: median(own), addedUs: median(added), wrapUs: addedUsToMake(variant, level, bareVariant) };
}

/**
 * Calls without a pause, each in a turn of the event loop, as messages from a client have: what a product leaves for
 * later turns, and for its requests to its backend, delays the calls after it, so it counts.
 */
async function measureContinuous(variant, level, { blocks, calls }) {
  const call = await connect(createServer(level, variant));
  const block = async () => {
    const startedMs = performance.now();
    for (let i = 0; i < calls; i += 1) {
      await call();
      await nextTurn();
    }
    return ((performance.now() - startedMs) * 1_000) / calls;
  };
  await block();
  const us = [];
  for (let i = 0; i < blocks; i += 1) us.push(await block());
  return { usPerCall: median(us) };
}

/** Calls at a steady rate, in bursts of ten milliseconds, to the end of sending; CPU time of all threads, and memory. */
async function measurePaced(variant, level, { callsPerSecond, seconds }) {
  const call = await connect(createServer(level, variant));
  const burst = callsPerSecond / 100;
  await usPerCall(call, callsPerSecond);
  await sleep(1_500);
  const beforeKb = await memoryKb();
  const before = process.cpuUsage();
  const startedMs = performance.now();
  let done = 0;
  for (let tick = 0; tick < seconds * 100; tick += 1) {
    for (; done < Math.round((tick + 1) * burst); done += 1) await call();
    const waitMs = startedMs + (tick + 1) * 10 - performance.now();
    if (waitMs > 0) await sleep(waitMs);
  }
  const tookSeconds = (performance.now() - startedMs) / 1_000;
  await variant.flush();
  const { user, system } = process.cpuUsage(before);
  await sleep(500);
  const keptKb = (await memoryKb()) - beforeKb;
  return { cpuUsPerCall: (user + system) / done, callsPerSecond: done / tookSeconds, calls: done, keptKb };
}

const [name, level, sink, what, settings] = process.argv.slice(2);
const variant = await VARIANTS[name].load(sink);
const measure = { pairs: measurePairs, continuous: measureContinuous, paced: measurePaced }[what];
const result = await measure(variant, level, JSON.parse(settings));
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
