import { describe, expect, it } from 'vitest';
import { batchOf, type WindowWords } from './testing/batches.ts';
import { startTotals } from './testing/scrape.ts';

async function shown(...windows: WindowWords[]) {
  const { totals, scrape, scrapeOpenMetrics } = await startTotals();
  totals.observe(batchOf(windows));
  await scrapeOpenMetrics();
  return scrape();
}

const server = 'files';

describe('metrics of the SDK that have a family of their own', () => {
  it('are caches, connections and database queries', async () => {
    const { value } = await shown(
      { kind: 'counter', name: 'cache_hits{cache="users"}', okMs: [3] },
      { kind: 'counter', name: 'cache_hits{cache="users",region="eu"}', okMs: [4] },
      { kind: 'counter', name: 'cache_misses{cache="users"}', okMs: [1] },
      { kind: 'gauge', name: 'active_connections{type="http"}', okMs: [2] },
      { kind: 'custom', name: 'database_query{query_type="select"}', okMs: [4, 40] },
    );
    expect(value('mcp_cache_hits_total', { server, cache: 'users' })).toBe(7);
    expect(value('mcp_cache_misses_total', { server, cache: 'users' })).toBe(1);
    expect(value('mcp_active_connections', { server, type: 'http' })).toBe(2);
    const select = { server, query_type: 'select' };
    expect(value('mcp_database_queries_total', select)).toBe(2);
    expect(value('mcp_database_query_duration_seconds_bucket', { ...select, le: '0.005' })).toBe(1);
    expect(value('mcp_database_query_duration_seconds_sum', select)).toBeCloseTo(0.044);
  });
});

describe('other metrics of a server', () => {
  it('are named by their kind', async () => {
    const { value, families } = await shown(
      { kind: 'counter', name: 'jobs_started{kind="nightly"}', okMs: [5] },
      { kind: 'counter', name: 'jobs_ended_total', okMs: [4] },
      { kind: 'gauge', name: 'queue_length', okMs: [7] },
      { kind: 'custom', name: 'render', okMs: [30] },
    );
    expect(value('mcp_custom_jobs_started_total', { server, kind: 'nightly' })).toBe(5);
    expect(value('mcp_custom_jobs_ended_total', { server })).toBe(4);
    expect(value('mcp_custom_queue_length', { server })).toBe(7);
    expect(value('mcp_custom_render_seconds_count', { server })).toBe(1);
    expect(families.get('mcp_custom_render_seconds')!.type).toBe('histogram');
  });

  it('give way to labels of ours', async () => {
    const { value } = await shown({
      kind: 'counter',
      name: 'jobs{__name__="x",exported_server="b",le="c",server="a"}',
      okMs: [1],
    });
    const labels = {
      server,
      exported___name__: 'x',
      exported_server: 'b',
      exported_exported_server: 'a',
      exported_le: 'c',
    };
    expect(value('mcp_custom_jobs_total', labels)).toBe(1);
  });

  it('never share a name with one of another kind', async () => {
    const { value } = await shown(
      { kind: 'counter', name: 'x', okMs: [1] },
      { kind: 'gauge', name: 'x', okMs: [2] },
      { kind: 'gauge', name: 'x_total', okMs: [3] },
      { kind: 'custom', name: 'y', okMs: [4] },
      { kind: 'gauge', name: 'y_seconds', okMs: [5] },
      { kind: 'gauge', name: 'y_seconds_count', okMs: [6] },
      { kind: 'counter', name: 'y_seconds', okMs: [7] },
    );
    expect(value('mcp_custom_x_total', { server })).toBe(1);
    expect(value('mcp_custom_x_value', { server })).toBe(2);
    expect(value('mcp_custom_x_total_value', { server })).toBe(3);
    expect(value('mcp_custom_y_seconds_count', { server })).toBe(1);
    expect(value('mcp_custom_y_seconds_value', { server })).toBe(5);
    expect(value('mcp_custom_y_seconds_count_value', { server })).toBe(6);
    expect(value('mcp_custom_y_seconds_added_total', { server })).toBe(7);
  });
});
