import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { describeWithChromium } from '../../../testing/describeWithChromium.ts';
import { printed } from '../../../testing/printed.ts';
import { startTestCollector, type TestCollector } from '../../../testing/testCollector.ts';

const TOOL = '/api/v1/tools/get_analysis_dashboard';
const HOSTILE = '<b>shop</b>';

interface Content {
  type: string;
  text?: string;
  resource?: { uri: string; mimeType: string; text?: string; blob?: string };
}

let collector: TestCollector;
beforeAll(async () => {
  collector = await startTestCollector(['cost.prices={"m":3}']);
  for (const durationMs of [5, 10, 400]) {
    const body = { mcpServer: HOSTILE, toolName: 'buy', duration: durationMs, success: true };
    const answer = await collector.ask('/api/v1/tools/track_performance', { scope: 'admin', method: 'POST', body });
    expect(answer.json()).not.toHaveProperty('isError');
  }
});
afterAll(() => collector.stop());

async function call(args: object) {
  const answer = await collector.ask(TOOL, { scope: 'read', method: 'POST', body: args });
  expect(answer.status).toBe(200);
  return answer.json() as { content: Content[]; structuredContent: Record<string, unknown>; isError?: boolean };
}

describe('get_analysis_dashboard', () => {
  it('answers with figures, and in words', async () => {
    const { content, structuredContent } = await call({});
    expect(content).toHaveLength(1);
    expect(content[0]!.text).toContain('Calls: 3');
    expect(structuredContent).toMatchObject({ type: 'overview', range: 'live', overall: { calls: 3 } });
    expect(structuredContent.missing).toMatchObject([{ part: 'forecasts' }]);
    expect(structuredContent).not.toHaveProperty('tools');
    expect((await call({ type: 'automation', range: 'day' })).structuredContent).toHaveProperty('tools');
  });

  it('gives a page as a resource, in which names are names', async () => {
    const { content } = await call({ format: 'html', type: 'detailed' });
    expect(content[1]).toMatchObject({ type: 'resource', resource: { mimeType: 'text/html' } });
    expect(content[1]!.resource!.uri).toBe('vitals://analysis/detailed-live.html');
    expect(content[1]!.resource!.text).toContain('&lt;b&gt;shop');
    expect(content[1]!.resource!.text).not.toContain('<b>shop');
  });

  it.each([
    [{ mcpServer: 'nobody' }, 'No server "nobody" has reported'],
    [{ customMetrics: ['hits'] }, 'No custom metric'],
    [{ range: 'year' }, 'range'],
    [{ refreshInterval: 1 }, 'refreshInterval'],
  ])('says what is wrong with %j', async (args, words) => {
    const { content, isError } = await call(args);
    expect(isError).toBe(true);
    expect(content[0]!.text).toContain(words);
  });
});

describe('its twins', () => {
  const get = (path: string) => collector.ask(`/api/v1/analysis/${path}`, { scope: 'read' });

  it('are routes', async () => {
    expect((await get('dashboard?type=system&range=hour')).json()).toMatchObject({ type: 'system', collector: {} });
    expect((await get('cost?minutes=60')).json()).toMatchObject({ total: { calls: 3 }, currency: 'USD' });
    expect((await get('replicas')).json()).toMatchObject({ replicas: [{ verdict: 'not_enough_data' }] });
    expect((await get('cost?server=nobody')).status).toBe(404);
    expect((await collector.ask('/api/v1/analysis/document')).status).toBe(401);
  });

  it('are a page that asks again by itself, and may load nothing', async () => {
    const { headers, text } = await get('document?range=live&refresh=30');
    expect(headers).toMatchObject({ refresh: '30', 'content-type': 'text/html; charset=utf-8' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toContain('<h2>Cost</h2>');
    expect((await get('document')).headers).not.toHaveProperty('refresh');
    expect((await get('document?refresh=1')).status).toBe(400);
  });

  it('are commands', async () => {
    const run = async (...args: string[]) => {
      const line = [...args, '--data-dir', collector.dataDir];
      return printed(async () => void (await (await createProgram(line)).parseAsync(line, { from: 'user' })));
    };
    expect(await run('cost')).toMatch(/TOOL +SERVER.*\nbuy +<b>shop<\/b>[\s\S]*results not measured/);
    expect(JSON.parse(await run('cost', '--json'))).toMatchObject({ total: { calls: 3 } });
    expect(await run('analysis', '--range', 'hour')).toMatch(/3 calls, 0 % errors[\s\S]*Instances:\n {2}<b>shop/);
    expect(await run('analysis', '--format', 'html')).toContain('<!doctype html>');
    expect(JSON.parse(await run('analysis', '--json'))).toMatchObject({ type: 'overview' });
    await expect(run('analysis', '--format', 'pdf')).rejects.toMatchObject({ hint: expect.stringContaining('--out') });
    await expect(run('cost', '--last', '7y')).rejects.toMatchObject({ code: 'invalid' });
  });
});

describeWithChromium('as a PDF', () => {
  it('comes as bytes', async () => {
    const { content } = await call({ format: 'pdf' });
    expect(content[1]!.resource).toMatchObject({ mimeType: 'application/pdf' });
    expect(Buffer.from(content[1]!.resource!.blob!, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  });
});
