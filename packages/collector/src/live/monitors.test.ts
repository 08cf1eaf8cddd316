/** A run from its start to its end, on a real store; time is moved by hand. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../audit/auditLog.ts';
import { MONITOR_METRICS, type MonitorRequest, type MonitorRun, type MonitorSample } from '../model/monitor.ts';
import { HOUR_MS } from '../model/rollup.ts';
import type { MonitorControl } from '../serve/ports/monitors.ts';
import { incomingBatch, type WindowSpec } from '../store/storeFixtures.ts';
import { type FilledStore, openFilledStore, testResources } from '../testing/filledStore.ts';
import { HandClock } from '../testing/handClock.ts';
import { createMonitors } from './monitors.ts';
import { createRecent } from './recent.ts';

const NOW = Date.parse('2026-05-04T12:00:00Z');
const SERVER = 'files';
const TOOL = 'read';

let filled: FilledStore;
let world: ReturnType<typeof newWorld>;
beforeEach(async () => {
  filled = await openFilledStore(NOW, { analysis: { maxMonitors: 2 } });
  world = newWorld();
  await filled.record([{ server: SERVER, tool: TOOL, atMs: NOW - 2 * HOUR_MS, durationsMs: [100, 300], failures: 1 }], {
    resources: [testResources(NOW - 2 * HOUR_MS, { cpuPercent: 40 })],
  });
});
afterEach(() => filled.close());

function newWorld() {
  const clock = new HandClock(NOW);
  const recent = createRecent({ clock, storedName: (name) => name, maxMb: 32 });
  const audit = createAuditLog({ store: filled.store, clock });
  const monitors = createMonitors({ ...filled, clock, recent, audit });
  /** Reports at the time that it is. */
  const report = (windows: readonly WindowSpec[], resources: ReturnType<typeof testResources>[] = []) => {
    const { batch } = incomingBatch({ seq: 1, receivedAtMs: clock.timeMs, windows, resources });
    recent.observe(batch, 0);
  };
  return { clock, recent, audit, monitors, report };
}

const REQUEST: MonitorRequest = {
  scope: 'server',
  server: SERVER,
  tool: undefined,
  metrics: ['cpu', 'memory', 'execution_time', 'throughput', 'error_rate'],
  durationMs: 5_000,
  intervalMs: 1_000,
  thresholds: {},
  includeHistorical: false,
};

/** Runs to the end; `atSecond` is told each second that has begun. */
async function runThrough(
  request: Partial<MonitorRequest>,
  { atSecond = () => {}, ...control }: Partial<MonitorControl> & { atSecond?: (second: number) => void } = {},
): Promise<MonitorRun> {
  const { clock, monitors } = world;
  let run: MonitorRun | undefined;
  const running = monitors.run({ ...REQUEST, ...request }, { by: 'test', ...control }).then((ended) => {
    run = ended;
  });
  let told = -1;
  while (run === undefined) {
    const second = Math.floor((clock.timeMs - NOW) / 1_000);
    if (second !== told) atSecond(second);
    told = second;
    await Promise.race([running, clock.nextTimer()]);
  }
  return run;
}

const each = (run: MonitorRun, pick: (sample: MonitorSample) => unknown) => run.samples.map(pick);

describe('a run', () => {
  it('says second by second what calls did and what their processes used', async () => {
    const run = await runThrough(
      {},
      {
        atSecond(second) {
          if (second < 1 || second > 5) return;
          const endMs = NOW + second * 1_000;
          // One call more and 10 ms more each second; the last one fails.
          const durationsMs = Array.from({ length: second - 1 }, () => 10 * second);
          const calls = { endMs, server: SERVER, name: TOOL, durationsMs, failuresMs: [10 * second] };
          world.report([calls], [testResources(endMs - 1, { cpuPercent: second, memoryMb: 50 })]);
        },
      },
    );
    expect(run).toMatchObject({ startMs: NOW, endMs: NOW + 5_000, isCancelled: false, calls: 15, errors: 5 });
    expect(run.resolutionMs).toBe(1_000);
    expect(each(run, ({ figures }) => figures.callsPerSecond)).toEqual([1, 2, 3, 4, 5]);
    expect(each(run, ({ figures }) => figures.avgMs)).toEqual([10, 20, 30, 40, 50]);
    expect(each(run, ({ figures }) => figures.errorRatePercent)).toEqual([100, 50, 100 / 3, 25, 20]);
    // Of the newest two seconds.
    expect(each(run, ({ figures }) => figures.cpuPercent)).toEqual([1, 1.5, 2.5, 3.5, 4.5]);
    expect(run.summary.find(({ figure }) => figure === 'maxMs')).toMatchObject({ min: 10, avg: 30, max: 50, last: 50 });
    expect(run.notes).toEqual([]);
  });

  it('shares a window out among samples that are finer, and says how coarse it is', async () => {
    const run = await runThrough(
      { durationMs: 2_000, intervalMs: 250, metrics: ['throughput'] },
      {
        atSecond: (second) =>
          second === 2 && world.report([{ endMs: NOW + 1_500, server: SERVER, durationsMs: Array(8).fill(5) }]),
      },
    );
    expect(each(run, ({ figures }) => figures.callsPerSecond)).toEqual([0, 0, 8, 8, 8, 8, 0, 0]);
    expect(run.notes).toEqual(['Calls are reported every 1 s; samples in between share them out evenly.']);
  });

  it('lists the spans beyond a threshold', async () => {
    const run = await runThrough(
      { metrics: ['execution_time', 'throughput'], thresholds: { execution_time: 100, throughput: 1 } },
      {
        atSecond(second) {
          const durationsMs = [[], [50], [200], [300], [], [150]][second];
          if (durationsMs) world.report([{ endMs: NOW + second * 1_000, server: SERVER, durationsMs }]);
        },
      },
    );
    expect(run.breaches).toEqual([
      { metric: 'execution_time', threshold: 100, fromMs: NOW + 1_000, toMs: NOW + 3_000, samples: 2, worst: 300 },
      { metric: 'throughput', threshold: 1, fromMs: NOW + 3_000, toMs: NOW + 4_000, samples: 1, worst: 0 },
      { metric: 'execution_time', threshold: 100, fromMs: NOW + 4_000, toMs: NOW + 5_000, samples: 1, worst: 150 },
    ]);
  });

  it('has what is usual beside it', async () => {
    const run = await runThrough(
      { includeHistorical: true, durationMs: 1_000 },
      {
        atSecond: (second) =>
          second === 1 &&
          world.report([{ endMs: NOW + 1_000, server: SERVER, durationsMs: [7] }], [testResources(NOW + 900)]),
      },
    );
    const usual = Object.fromEntries(run.summary.map((line) => [line.figure, line.usual]));
    expect(usual.avgMs).toEqual({ avg: 200, low: 200, high: 200 });
    expect(usual.cpuPercent).toEqual({ avg: 40, low: 40, high: 40 });
    expect(usual.errorRatePercent).toEqual({ avg: 50, low: 50, high: 50 });
  });

  it('of the system has the figures of the host', async () => {
    const run = await runThrough({ scope: 'system', server: undefined, metrics: MONITOR_METRICS, durationMs: 2_000 });
    expect(run.samples).toHaveLength(2);
    const { memoryMb, memoryPercent, inFlight, eventLoopDelayMs } = run.samples[1]!.figures;
    expect(memoryMb).toBeGreaterThan(1);
    expect(memoryPercent).toBeLessThanOrEqual(100);
    expect(eventLoopDelayMs).toBeGreaterThanOrEqual(0);
    expect(inFlight).toBe(0);
    expect(run.notes[0]).toBe('No call ended in this time.');
  });

  it('says so where nothing was reported', async () => {
    const run = await runThrough({ durationMs: 2_000 });
    expect(run).toMatchObject({ calls: 0, resolutionMs: null, summary: [{ figure: 'callsPerSecond', max: 0 }] });
    expect(run.notes[1]).toMatch(/^Nothing is known of cpuPercent, memoryMb, .* an idle process does once a minute/);
  });

  it('tells how far it is, and ends early with what it has', async () => {
    const cancelling = new AbortController();
    const ticks: number[] = [];
    const run = await runThrough(
      { durationMs: 60_000, metrics: ['throughput'] },
      {
        signal: cancelling.signal,
        onTick: (elapsedMs) => ticks.push(elapsedMs),
        atSecond: (second) => second === 3 && cancelling.abort(),
      },
    );
    expect(run).toMatchObject({ isCancelled: true, startMs: NOW, endMs: NOW + 3_000 });
    expect(ticks).toEqual([1_000, 2_000, 3_000]);
    expect(run.notes[0]).toBe('It was ended early; these are the figures until then.');
  });

  it('merges neighbours where there would be too many samples', async () => {
    const run = await runThrough({ durationMs: 70_000, intervalMs: 100, metrics: ['throughput'] });
    expect(run.samples).toHaveLength(350);
    expect(run.samples.at(-1)!.atMs).toBe(NOW + 70_000);
  });

  it('is written down', async () => {
    await runThrough({ durationMs: 1_000 });
    const entries = await world.audit.entries({ fromMs: 0, toMs: NOW + HOUR_MS, limit: 10 });
    expect(entries).toMatchObject([
      { action: 'monitor.started', by: 'test', server: SERVER, details: { durationMs: 1_000 } },
    ]);
  });
});

describe('it is refused', () => {
  const refused = (request: Partial<MonitorRequest>) => world.monitors.run({ ...REQUEST, ...request }, { by: 'test' });

  it('for a server or a tool that nobody knows', async () => {
    await expect(refused({ server: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(refused({ scope: 'tool', tool: 'nothing' })).rejects.toMatchObject({
      code: 'not_found',
      hint: expect.stringContaining('from its first call on'),
    });
  });

  it('while too many run, until one of them has ended', async () => {
    const cancelling = new AbortController();
    const control = { by: 'test', signal: cancelling.signal };
    const running = [1, 2].map(() => world.monitors.run(REQUEST, control));
    await world.clock.nextTimer();
    await world.clock.nextTimer();
    await expect(refused({})).rejects.toMatchObject({ code: 'rate_limited' });
    cancelling.abort();
    await Promise.all(running);
    await expect(world.monitors.run(REQUEST, control)).resolves.toMatchObject({ isCancelled: true });
  });
});

describe('rendered', () => {
  it('as CSV it is a row per sample, empty where nothing is known', async () => {
    const run = await runThrough({ durationMs: 2_000, metrics: ['throughput', 'cpu'] });
    expect(world.monitors.render(run, 'csv')).toBe(
      'time,callsPerSecond,cpuPercent\r\n2026-05-04T12:00:01.000Z,0,\r\n2026-05-04T12:00:02.000Z,0,\r\n',
    );
  });

  it('as a page it has a chart per figure, loads nothing, and obeys no name', async () => {
    const name = '<script>alert(1)</script>';
    await filled.record([{ server: SERVER, tool: name, atMs: NOW - HOUR_MS, durationsMs: [1] }]);
    const run = await runThrough(
      { scope: 'tool', tool: name, durationMs: 2_000, metrics: ['throughput'] },
      {
        atSecond: (second) =>
          second === 1 && world.report([{ endMs: NOW + 1_000, server: SERVER, name, durationsMs: [3] }]),
      },
    );
    const page = world.monitors.render(run, 'dashboard');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; of files');
    expect(page).not.toMatch(/<script|src=|href=|@import/);
    expect(page.match(/<svg/g)).toHaveLength(1);
    expect(page).toContain('d="M0 0L640 120"');
  });
});
