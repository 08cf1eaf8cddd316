import { describe, expect, it } from 'vitest';
import { batchOf } from './testing/batches.ts';
import { type Scraped, startTotals } from './testing/scrape.ts';

const calls = ({ samples }: Scraped) =>
  samples.filter(({ name }) => name === 'mcp_tool_request_duration_seconds_count');

describe('a limit of series', () => {
  it('counts what is beyond it as __other__, loses no call, and says so', async () => {
    const { totals, scrape } = await startTotals({ maxSeries: 20 });
    for (let server = 0; server < 3; server++) {
      const windows = Array.from({ length: 30 }, (_, tool) => ({ name: `t${tool}`, okMs: [1] }));
      totals.observe(batchOf(windows, { servers: [`s${server}`] }));
    }
    const shown = calls(await scrape());
    expect(shown.length).toBeLessThanOrEqual(22);
    expect(shown.reduce((sum, { value }) => sum + value, 0)).toBe(90);
    const others = shown.filter(({ labels }) => labels.tool === '__other__');
    expect(others.reduce((sum, { value }) => sum + value, 0)).toBe(totals.limited);
    expect(totals.limited).toBeGreaterThan(60);
  });

  it('holds against whole servers that nobody knows, and against metrics of their own', async () => {
    const { totals, scrape } = await startTotals({ maxSeries: 50 });
    for (let i = 0; i < 500; i++) {
      totals.observe(
        batchOf(
          [
            { name: `t${i}`, okMs: [1] },
            { kind: 'counter', name: `c${i}`, okMs: [1] },
            { kind: 'gauge', name: `g${i}`, okMs: [1] },
            { kind: 'custom', name: `o${i}{l="${i}"}`, okMs: [1] },
            { kind: 'method', name: `m${i}`, okMs: [1] },
          ],
          { servers: [`s${i}`], instance: `i${i}`, dropped: { [`r${i}`]: 1 } },
        ),
      );
    }
    const { samples } = await scrape();
    expect(calls({ samples } as Scraped).reduce((sum, { value }) => sum + value, 0)).toBe(500);
    const sets = new Set(samples.map(({ name, labels: { le, quantile, ...labels } }) => name + JSON.stringify(labels)));
    expect(sets.size).toBeLessThan(50 * 15);
  });

  it('gives back what a server took once nothing was heard of it for a day', async () => {
    const { clock, totals, scrape } = await startTotals({ maxSeries: 10 });
    const windows = Array.from({ length: 9 }, (_, i) => ({ name: `t${i}`, okMs: [1] }));
    const own = { kind: 'counter', name: 'jobs', okMs: [1] } as const;
    totals.observe(batchOf([own, ...windows.slice(1)], { servers: ['old'] }));
    clock.nowMs += 25 * 3_600_000;
    totals.observe(batchOf(windows, { servers: ['new'], instance: 'two' }));
    const now = await scrape();
    expect(new Set(calls(now).map(({ labels }) => labels.server))).toEqual(new Set(['new']));
    expect(calls(now)).toHaveLength(9);
    expect(now.families.has('mcp_custom_jobs_total')).toBe(false);
    expect(totals.limited).toBe(0);
  });

  it('shows no gauge twice when a server comes back that was forgotten while its process went on', async () => {
    const { clock, totals, scrape } = await startTotals();
    const gauge = { kind: 'gauge', name: 'queue', okMs: [3] } as const;
    totals.observe(batchOf([gauge], { servers: ['a'] }));
    for (let minute = 0; minute < 25 * 60; minute++) {
      clock.nowMs += 60_000;
      totals.observe(batchOf([], { servers: ['b'] }));
    }
    totals.observe(batchOf([{ ...gauge, okMs: [4], endMs: clock.nowMs }], { servers: ['a'] }));
    expect((await scrape()).value('mcp_custom_queue', { server: 'a' })).toBe(4);
  });
});

describe('long names', () => {
  it('are cut, and those that are then the same are one series', async () => {
    const { totals, scrape } = await startTotals();
    const long = 'x'.repeat(200);
    totals.observe(
      batchOf([
        { name: `${long}1`, okMs: [1] },
        { name: `${long}2`, okMs: [1] },
      ]),
    );
    expect(calls(await scrape()).map(({ labels, value }) => [labels.tool, value])).toEqual([[long, 2]]);
  });
});
