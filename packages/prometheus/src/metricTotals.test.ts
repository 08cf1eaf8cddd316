import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { SERVER_FAMILIES } from './families.ts';
import { batchOf, NOW_MS, resourcesOf, type WindowWords } from './testing/batches.ts';
import { type Scraped, startTotals } from './testing/scrape.ts';

const BOUNDS = SERVER_FAMILIES.toolDuration.buckets!;
const HISTOGRAM = 'mcp_tool_request_duration_seconds';

/** Around the bounds of buckets as often as anywhere else. */
const durationMs = fc.oneof(
  fc.constantFrom(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000),
  fc.integer({ min: 0, max: 20_000_000 }).map((microseconds) => microseconds / 1000),
);

const callsOfWindow: fc.Arbitrary<WindowWords> = fc.record({
  okMs: fc.array(durationMs, { maxLength: 30 }),
  failedMs: fc.array(durationMs, { maxLength: 30 }),
  errorClasses: fc.array(fc.constantFrom('Error', 'TypeError', 'x', ''), { maxLength: 20 }),
});

const SERIES = { server: 'files', tool: 'read' };
const bucket = ({ value }: Scraped, le: number | string) =>
  value(`${HISTOGRAM}_bucket`, { ...SERIES, le: String(le) })!;
const sumOf = ({ samples }: Scraped, name: string) =>
  samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);

describe('histograms', () => {
  it('count each sample in the buckets that it belongs to, and never fall', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(callsOfWindow, { minLength: 1, maxLength: 8 }), async (windows) => {
        const { totals, scrape } = await startTotals();
        const samplesMs: number[] = [];
        let before: Scraped | undefined;
        for (const window of windows) {
          samplesMs.push(...(window.okMs ?? []), ...(window.failedMs ?? []));
          totals.observe(batchOf([window]));
          const now = await scrape();
          for (const le of BOUNDS) {
            expect(bucket(now, le)).toBe(samplesMs.filter((ms) => ms <= le * 1000).length);
            if (before) expect(bucket(now, le)).toBeGreaterThanOrEqual(bucket(before, le));
          }
          expect(bucket(now, '+Inf')).toBe(samplesMs.length);
          expect(now.value(`${HISTOGRAM}_count`, SERIES)).toBe(samplesMs.length);
          expect(sumOf(now, 'mcp_tool_requests_total')).toBe(samplesMs.length);
          const seconds = samplesMs.reduce((sum, ms) => sum + ms, 0) / 1000;
          expect(now.value(`${HISTOGRAM}_sum`, SERIES)).toBeCloseTo(seconds, 6);
          before = now;
        }
      }),
      { numRuns: 40 * inject('thoroughness') },
    );
  });

  it('agree with the sketch of a busy window within its resolution, in whole numbers that rise with le', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1_000, max: 20_000 }), async (seed, count) => {
        const samplesMs = lognormal(seed, count);
        const { totals, scrape } = await startTotals();
        totals.observe(batchOf([{ okMs: samplesMs }]));
        const now = await scrape();
        let last = 0;
        for (const le of BOUNDS) {
          const counted = bucket(now, le);
          expect(Number.isInteger(counted)).toBe(true);
          expect(counted).toBeGreaterThanOrEqual(last);
          expect(Math.abs(counted - samplesMs.filter((ms) => ms <= le * 1000).length)).toBeLessThan(0.005 * count);
          last = counted;
        }
        expect(bucket(now, '+Inf')).toBe(count);
      }),
      { numRuns: 20 * inject('thoroughness') },
    );
  });
});

/** Skewed as durations are, median 200 ms; the same for the same seed. */
function lognormal(seed: number, count: number): number[] {
  let state = Math.abs(seed % 2_147_483_646) + 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
    return Math.min(60_000, Math.round(200_000 * Math.exp(normal)) / 1000);
  });
}

describe('errors', () => {
  it('add up to the failed calls, whatever samples came with them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(callsOfWindow, { maxLength: 8 }), async (windows) => {
        const { totals, scrape } = await startTotals();
        totals.observe(batchOf(windows));
        const failed = windows.reduce((sum, { failedMs = [] }) => sum + failedMs.length, 0);
        expect(sumOf(await scrape(), 'mcp_errors_total')).toBe(failed);
      }),
      { numRuns: 40 * inject('thoroughness') },
    );
  });

  it('are told apart up to 20 classes a tool, and those without a sample are called so', async () => {
    const { totals, scrape } = await startTotals();
    for (let i = 0; i < 30; i++) totals.observe(batchOf([{ failedMs: [1, 1], errorClasses: [`E${i}`] }]));
    const now = await scrape();
    const labels = { server: 'files', tool: 'read' };
    expect(now.value('mcp_errors_total', { ...labels, error_type: 'E19' })).toBe(1);
    expect(now.value('mcp_errors_total', { ...labels, error_type: '__other__' })).toBe(10);
    expect(now.value('mcp_errors_total', { ...labels, error_type: '__unsampled__' })).toBe(30);
  });

  it('know time-outs, and outcomes that are neither', async () => {
    const { totals, scrape } = await startTotals();
    totals.observe(batchOf([{ okMs: [1], failedMs: [2, 3], timeouts: 1, others: [4, 5, 0] }]));
    const { value } = await scrape();
    expect(value('mcp_timeout_total', SERIES)).toBe(1);
    expect(value('mcp_tool_requests_total', { ...SERIES, status: 'error' })).toBe(2);
    expect(value('mcp_tool_other_outcomes_total', { ...SERIES, outcome: 'cancelled' })).toBe(4);
    expect(value('mcp_tool_other_outcomes_total', { ...SERIES, outcome: 'input_required' })).toBe(5);
    expect(value('mcp_tool_other_outcomes_total', { ...SERIES, outcome: 'task_created' })).toBeUndefined();
  });
});

describe('the summary', () => {
  const quantile = ({ value }: Scraped, q: number) =>
    value('mcp_tool_request_duration_quantiles_seconds', { ...SERIES, quantile: String(q) });

  it('is of the last minutes, and says nothing once nothing is recent', async () => {
    const { clock, totals, scrape } = await startTotals();
    totals.observe(batchOf([{ okMs: [10_000] }]));
    expect(quantile(await scrape(), 0.5), 'nobody had scraped').toBeUndefined();
    const oneTo100 = Array.from({ length: 100 }, (_, i) => i + 1);
    totals.observe(batchOf([{ okMs: oneTo100 }]));
    expect(quantile(await scrape(), 0.5)).toBe(0.05);
    expect(quantile(await scrape(), 0.99)).toBe(0.099);

    clock.nowMs += 200_000;
    totals.observe(batchOf([{ okMs: oneTo100.map((ms) => ms + 100), endMs: clock.nowMs }]));
    expect(quantile(await scrape(), 0.5), 'both halves').toBe(0.1);
    clock.nowMs += 200_000;
    expect(quantile(await scrape(), 0.5), 'the first half is past').toBe(0.15);
    clock.nowMs += 200_000;
    expect(quantile(await scrape(), 0.5)).toBeUndefined();
    expect((await scrape()).value('mcp_tool_request_duration_quantiles_seconds_count', SERIES)).toBe(201);
  });

  it('leaves out what waited in a spool', async () => {
    const { totals, scrape } = await startTotals();
    await scrape();
    totals.observe(batchOf([{ okMs: [5_000], endMs: NOW_MS - 600_000 }]));
    expect(quantile(await scrape(), 0.5)).toBeUndefined();
  });
});

describe('processes', () => {
  it('add up, and are gone once they have been silent for two minutes', async () => {
    const { clock, totals, scrape } = await startTotals();
    const resources = [resourcesOf({ memoryMb: 100, heapUsedMb: 30, cpuPercent: 50, memoryPercent: 20, diskIoKb: 2 })];
    const inFlight = [{ server: 0, kind: 'tool' as const, name: 'read', count: 2, oldestAgeMs: 5 }];
    const gauge = { kind: 'gauge', name: 'active_connections{type="http"}', okMs: [3] } as const;
    totals.observe(batchOf([gauge, { okMs: [1] }], { resources, inFlight }));
    totals.observe(
      batchOf([gauge], { instance: 'two', resources, inFlight: inFlight.map((c) => ({ ...c, count: 1 })) }),
    );
    const both = await scrape();
    expect(both.value('mcp_memory_usage_bytes', { server: 'files', type: 'rss' })).toBe(200 * 1_048_576);
    expect(both.value('mcp_memory_usage_bytes', { server: 'files', type: 'heap_used' })).toBe(60 * 1_048_576);
    expect(both.value('mcp_cpu_usage_ratio', { server: 'files' })).toBe(1);
    expect(both.value('mcp_memory_usage_ratio', { server: 'files' })).toBe(0.2);
    expect(both.value('mcp_tool_requests_in_flight', SERIES)).toBe(3);
    expect(both.value('mcp_active_connections', { server: 'files', type: 'http' })).toBe(6);

    clock.nowMs += 100_000;
    totals.observe(batchOf([], { instance: 'two' }));
    clock.nowMs += 30_000;
    const second = await scrape();
    expect(second.value('mcp_memory_usage_bytes', { server: 'files', type: 'rss' })).toBe(100 * 1_048_576);
    expect(second.value('mcp_tool_requests_in_flight', SERIES), 'the list of a batch replaces the one before').toBe(0);
    expect(second.value('mcp_active_connections', { server: 'files', type: 'http' })).toBe(3);

    clock.nowMs += 200_000;
    const gone = await scrape();
    for (const family of ['mcp_memory_usage_bytes', 'mcp_cpu_usage_ratio', 'mcp_active_connections']) {
      expect(gone.families.has(family), family).toBe(false);
    }
    expect(gone.value('mcp_disk_io_bytes_total', { server: 'files' }), 'a counter stays').toBe(4 * 1024);
  });

  it('are not brought back by a batch that waited in a spool', async () => {
    const { totals, scrape } = await startTotals();
    totals.observe(
      batchOf([{ okMs: [1], endMs: NOW_MS - 600_000 }], { resources: [resourcesOf({ atMs: NOW_MS - 600_000 })] }),
    );
    const { families, value } = await scrape();
    expect(value('mcp_tool_requests_total', { ...SERIES, status: 'success' })).toBe(1);
    expect(families.has('mcp_memory_usage_bytes')).toBe(false);
  });
});

describe('operations', () => {
  it('carry the attributes of the conventions, and no address of a resource', async () => {
    const { totals, scrape } = await startTotals();
    totals.observe(
      batchOf([
        { okMs: [1] },
        { kind: 'prompt', name: 'greet', okMs: [1] },
        { kind: 'resource', name: 'file:///a', okMs: [1] },
        { kind: 'resource', name: 'file:///b', okMs: [1] },
        { kind: 'method', name: 'tools/list', okMs: [1] },
      ]),
    );
    const { samples } = await scrape();
    const counts = samples.filter(({ name }) => name === 'mcp_server_operation_duration_seconds_count');
    expect(counts.map(({ labels, value }) => ({ ...labels, value }))).toEqual([
      {
        server: 'files',
        mcp_method_name: 'tools/call',
        gen_ai_operation_name: 'execute_tool',
        gen_ai_tool_name: 'read',
        value: 1,
      },
      { server: 'files', mcp_method_name: 'prompts/get', gen_ai_prompt_name: 'greet', value: 1 },
      { server: 'files', mcp_method_name: 'resources/read', value: 2 },
      { server: 'files', mcp_method_name: 'tools/list', value: 1 },
    ]);
  });
});

describe('losses', () => {
  it('are counted once, for processes with several servers too', async () => {
    const { totals, scrape } = await startTotals();
    totals.observe(batchOf([], { servers: ['a', 'b'], dropped: { queue_full: 3 } }));
    totals.observe(batchOf([], { servers: ['a', 'b'], dropped: { queue_full: 4 } }));
    expect(sumOf(await scrape(), 'mcp_dropped_samples_total')).toBe(7);
  });
});
