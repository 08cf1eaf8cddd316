import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMonitor, getMonitor, withMonitoring } from './index.ts';

let stderr = '';

beforeAll(() => {
  process.env.MCP_VITALS_DATA = mkdtempSync(join(tmpdir(), 'mcp-vitals-sdk-'));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});

afterAll(async () => {
  await getMonitor()?.shutdown();
  vi.restoreAllMocks();
});

const server = (name: string) => ({
  _requestHandlers: new Map([['tools/call', async () => ({ content: [] })]]),
  _serverInfo: { name, version: '1' },
});

async function callOnce(monitored: ReturnType<typeof server>): Promise<void> {
  const handler = monitored._requestHandlers.get('tools/call') as (request: object) => Promise<unknown>;
  await handler({ params: { name: 'read' } });
}

describe('the metrics of a process', () => {
  it('are served by one endpoint for all its servers, however they came', async () => {
    const first = withMonitoring(server('first'), { prometheus: { port: 0 } });
    const second = withMonitoring(server('second'), { prometheus: { port: 0 } });
    createMonitor({ serverName: 'third', prometheus: { port: 0 } })
      .begin('read')
      .end();
    await callOnce(first);
    await callOnce(second);
    await expect.poll(() => getMonitor()?.status.metricsUrl).toBeDefined();
    const text = await (await fetch(getMonitor()!.status.metricsUrl!)).text();
    for (const name of ['first', 'second', 'third']) {
      expect(text).toContain(`mcp_tool_requests_total{status="success",server="${name}",tool="read"} 1\n`);
    }
    expect(stderr).not.toContain('differs');
  });

  it('stay where the first server has them', async () => {
    const { metricsUrl } = getMonitor()!.status;
    withMonitoring(server('fourth'), { prometheus: { port: 9464 } });
    expect(stderr.match(/option prometheus differs/g)).toHaveLength(1);
    expect(getMonitor()!.status.metricsUrl).toBe(metricsUrl);
  });
});
