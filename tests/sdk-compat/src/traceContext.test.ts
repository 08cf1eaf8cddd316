/** The trace context of a real client's request becomes the exemplar of a window, whatever SDK is between them. */
import { randomBytes, randomUUID } from 'node:crypto';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { Client, StreamableHTTPClientTransport } from 'mcp-client-2';
import { createMcpHandler, McpServer } from 'mcp-server-2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchCollector } from './batchCollector.ts';
import { SDKS } from './sdks.ts';

const collector = new BatchCollector();

beforeAll(async () => {
  process.env.MCP_VITALS_URL = await collector.listen();
  process.env.MCP_VITALS_DATA = `/tmp/mcp-vitals-trace-${randomUUID()}`;
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  await collector.close();
});

const answer = () => ({ content: [{ type: 'text' as const, text: 'fine' }] });

function newTrace() {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, sampled: `00-${traceId}-${spanId}-01`, unsampled: `00-${traceId}-${spanId}-00` };
}

async function exemplarsOf(server: string) {
  await getMonitor()!.flush();
  return collector.windowsOf(server).flatMap(({ exemplar }) => exemplar ?? []);
}

describe.each(SDKS)('$name', (sdk) => {
  it.each(['high', 'low'])('names the trace of its slowest call (%s level)', async (level) => {
    const name = `traced-${randomUUID()}`;
    const { sampled, unsampled, ...ids } = newTrace();
    let server: object;
    if (level === 'high') {
      const high = sdk.createHighLevel(name);
      high.add(sdk.styles[0]!, 'answers', answer);
      server = high.server;
    } else {
      const low = sdk.createLowLevel(name);
      low.handle({ answers: answer });
      server = low.server;
    }
    const client = await sdk.connect(withMonitoring(server));
    await client.callTool({ name: 'answers' });
    await client.callTool({ name: 'answers', _meta: { traceparent: unsampled, tracestate: 'vendor=secret' } });
    expect(await exemplarsOf(name)).toEqual([]);
    await client.callTool({ name: 'answers', _meta: { traceparent: sampled, baggage: 'user=secret' } });
    await client.close();
    const exemplars = await exemplarsOf(name);
    expect(exemplars).toEqual([{ ...ids, valueMs: expect.any(Number), atMs: expect.any(Number) }]);
    const { digest } = collector.windowsOf(name).at(-1)!;
    expect(exemplars[0]!.valueMs).toBe(digest.max);
    expect(JSON.stringify(collector.batches)).not.toContain('secret');
  });
});

it('is read where every request has a _meta of the protocol, too (revision 2026-07-28)', async () => {
  const { sampled, unsampled: _, ...ids } = newTrace();
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'traced-modern', version: '1' });
    server.registerTool('answer', { description: 'Answers.' }, answer);
    return withMonitoring(server);
  });
  const client = new Client({ name: 'suite', version: '0' }, { versionNegotiation: { mode: 'auto' } });
  const fetch = (at: string | URL, init?: RequestInit) => handler.fetch(new Request(at, init));
  await client.connect(new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), { fetch }));
  await client.callTool({ name: 'answer', _meta: { traceparent: sampled } });
  await client.close();
  expect(await exemplarsOf('traced-modern')).toMatchObject([ids]);
});
