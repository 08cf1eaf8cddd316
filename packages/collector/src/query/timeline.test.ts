/** Timelines and distributions on a real store, compared with what plain arithmetic makes of the calls themselves. */
import { Digest } from '@mcp-vitals/sketch';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import type { Subject } from '../model/timeline.ts';
import { getMetrics } from '../serve/tools/getMetrics.ts';
import type { TimeRange } from '../store/store.ts';
import { ADMIN_CALL } from '../testing/adminCall.ts';
import { type FilledStore, openFilledStore, type TestCalls } from '../testing/filledStore.ts';
import { readDistribution } from './distribution.ts';
import { readTimeline } from './timeline.ts';

const NOW = Date.parse('2025-10-31T13:02:12Z');
const EVERYTHING: Subject = { server: undefined, name: undefined, kind: 'tool' };

let filled: FilledStore;
beforeEach(async () => {
  filled = await openFilledStore(NOW);
});
afterEach(() => filled.close());

type Calls = Omit<TestCalls, 'kind'> & { kind: 'tool' | 'prompt'; failures: number };

/** To the microsecond, as they are measured. */
const duration = fc.integer({ min: 0, max: 100_000_000 }).map((us) => us / 1_000);

const calls: fc.Arbitrary<Calls> = fc
  .record({
    server: fc.constantFrom('files', 'web', '__proto__'),
    tool: fc.constantFrom('read', 'write', 'toString'),
    kind: fc.constantFrom('tool', 'tool', 'tool', 'prompt'),
    // Mostly of the last day, with some that are kept by the hour or the day only.
    ageMinutes: fc.oneof(
      fc.integer({ min: 1, max: 180 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 1, max: 60 * 1440 }),
    ),
    durationsMs: fc.array(duration, { minLength: 1, maxLength: 8 }),
    failures: fc.nat(8),
  })
  .map(({ ageMinutes, failures, ...rest }) => ({
    ...rest,
    failures: Math.min(failures, rest.durationsMs.length),
    atMs: Math.floor(NOW / MINUTE_MS) * MINUTE_MS - ageMinutes * MINUTE_MS + 30_000,
  }));

const subject: fc.Arbitrary<Subject> = fc.constantFrom<Subject[]>(
  EVERYTHING,
  { server: 'files', name: undefined, kind: 'tool' },
  { server: '__proto__', name: undefined, kind: 'tool' },
  { server: 'web', name: 'read', kind: 'tool' },
  { server: 'files', name: 'toString', kind: 'tool' },
  { server: undefined, name: undefined, kind: 'prompt' },
  { server: 'web', name: undefined, kind: 'prompt' },
  { server: 'nobody', name: undefined, kind: 'tool' },
);

const range: fc.Arbitrary<TimeRange> = fc.oneof(
  fc.constantFrom(60, 1440, 7 * 1440, 60 * 1440).map((minutes) => ({ fromMs: NOW - minutes * MINUTE_MS, toMs: NOW })),
  fc
    .tuple(fc.integer({ min: 0, max: 60 * 1440 }), fc.integer({ min: 1, max: 30 * 1440 }))
    .map(([ago, length]) => ({ fromMs: NOW - (ago + length) * MINUTE_MS, toMs: NOW - ago * MINUTE_MS })),
);

/** Put in old ones first, as time brings them; then merged and trimmed as the background does. */
async function keep(recorded: readonly Calls[], store: FilledStore = filled): Promise<void> {
  for (const one of [...recorded].sort((a, b) => a.atMs - b.atMs)) await store.record([one]);
  await store.store.closeMinutes(NOW);
  await store.store.rollUp(NOW);
  await store.store.applyRetention(NOW);
}

const isOf = ({ server, name, kind }: Subject) => {
  return (one: Calls) => one.kind === kind && (server ?? one.server) === one.server && (name ?? one.tool) === one.tool;
};
const within = (from: number, to: number) => (one: Calls) => one.atMs >= from && one.atMs < to;
const durationsOf = (some: readonly Calls[]) => some.flatMap((one) => one.durationsMs).sort((a, b) => a - b);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Whether a value is the quantile, give or take one per cent of the ranks. */
function expectQuantile(value: number | null, ascending: readonly number[], q: number): void {
  if (ascending.length === 0) {
    expect(value).toBeNull();
    return;
  }
  const rank = (share: number) =>
    ascending[Math.min(ascending.length, Math.max(1, Math.ceil(share * ascending.length))) - 1]!;
  expect(value).toBeGreaterThanOrEqual(rank(q - 0.01) - 1e-6);
  expect(value).toBeLessThanOrEqual(rank(q + 0.01) + 1e-6);
}

const points = fc.constantFrom(1, 10, 60, 300, 1_500);
const runs = { numRuns: 20 * inject('thoroughness') };

describe('a timeline', () => {
  it('shows in each step what was called in it, of whatever is asked about, however long ago', async () => {
    const recorded = fc.array(calls, { minLength: 1, maxLength: 40 });
    const asked = fc.array(fc.record({ subject, range, points }), { minLength: 5, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(recorded, asked, async (made, questions) => {
        const other = await openFilledStore(NOW);
        await keep(made, other);
        for (const { subject, range, points } of questions) {
          const request = { subject, points, heatmap: true, ...range };
          const line = await readTimeline(other.store, request, NOW, other.config.retention);
          const { fromMs, toMs, stepMs } = line;
          const length = (toMs - fromMs) / stepMs;
          expect(fromMs).toBeLessThanOrEqual(range.fromMs);
          expect(range.fromMs - fromMs).toBeLessThan(stepMs);
          expect(toMs).toBeGreaterThanOrEqual(range.toMs);
          expect(toMs - range.toMs).toBeLessThan(stepMs);
          expect(length).toBeLessThanOrEqual(points + 1);
          for (const column of [line.calls, line.errors, line.avgMs, line.p50Ms, line.p95Ms, line.p99Ms, line.maxMs])
            expect(column).toHaveLength(length);
          for (let step = 0; step < length; step++) {
            const from = fromMs + step * stepMs;
            const some = made.filter(isOf(subject)).filter(within(from, from + stepMs));
            const exact = durationsOf(some);
            expect(line.calls[step]).toBe(exact.length);
            expect(line.errors[step]).toBe(sum(some.map(({ failures }) => failures)));
            expect(line.outcomes.ok?.[step] ?? 0).toBe(exact.length - line.errors[step]!);
            expect(line.outcomes.tool_error?.[step] ?? 0).toBe(line.errors[step]);
            expect(sum(line.heatmap!.steps[step]!)).toBe(exact.length);
            if (exact.length === 0) {
              expect([line.avgMs[step], line.maxMs[step]]).toEqual([null, null]);
            } else {
              expect(line.avgMs[step]).toBeCloseTo(sum(exact) / exact.length, 3);
              expect(line.maxMs[step]).toBe(exact.at(-1));
            }
            expectQuantile(line.p50Ms[step]!, exact, 0.5);
            expectQuantile(line.p95Ms[step]!, exact, 0.95);
            expectQuantile(line.p99Ms[step]!, exact, 0.99);
          }
          expect(line.summary.calls).toBe(sum(line.calls));
          expect(line.summary.errors).toBe(sum(line.errors));
        }
        await other.close();
      }),
      runs,
    );
  });

  it('sums up to what get_metrics says of the same range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(calls, { minLength: 1, maxLength: 40 }),
        range,
        subject,
        async (made, range, subject) => {
          const other = await openFilledStore(NOW);
          await keep(made, other);
          const request = { ...range, subject, points: 60, heatmap: false };
          const { fromMs, toMs, summary } = await readTimeline(other.store, request, NOW, other.config.retention);
          const { structured } = await getMetrics.run(
            {
              mcpServer: subject.server,
              toolName: subject.name,
              kind: subject.kind,
              startTime: new Date(fromMs).toISOString(),
              endTime: new Date(toMs).toISOString(),
              aggregation: 'avg',
            },
            other as never,
            ADMIN_CALL,
          );
          const said = structured.summary;
          expect(summary.calls).toBe(said.totalCalls);
          expect(summary.avgMs).toBeCloseTo(said.avgResponseTime, 2);
          expect(summary.errorRatePercent).toBeCloseTo(said.errorRate, 2);
          const exact = durationsOf(made.filter(isOf(subject)).filter(within(fromMs, toMs)));
          if (exact.length > 0) {
            expectQuantile(summary.p95Ms, exact, 0.95);
            expectQuantile(
              said.p95ResponseTime,
              exact.map((value) => Math.round(value * 1000) / 1000),
              0.95,
            );
          }
          await other.close();
        },
      ),
      runs,
    );
  });

  const line = (range: TimeRange, heatmap = false, points = 300) =>
    readTimeline(
      filled.store,
      { subject: EVERYTHING, points, heatmap, ...range },
      filled.clock.nowMs(),
      filled.config.retention,
    );

  it('has gaps where nothing was called, and none before or after what is asked for', async () => {
    await keep([
      { server: 'files', tool: 'read', kind: 'tool', atMs: NOW - 5 * MINUTE_MS, durationsMs: [3, 5], failures: 1 },
    ]);
    const { calls, avgMs, p95Ms, outcomes, fromMs } = await line({ fromMs: NOW - 7 * MINUTE_MS, toMs: NOW });
    expect(fromMs).toBe(Math.floor(NOW / MINUTE_MS) * MINUTE_MS - 7 * MINUTE_MS);
    expect(calls).toEqual([0, 0, 2, 0, 0, 0, 0, 0]);
    expect(avgMs).toEqual([null, null, 4, null, null, null, null, null]);
    expect(p95Ms).toEqual([null, null, 5, null, null, null, null, null]);
    expect(outcomes).toEqual({ ok: [0, 0, 1, 0, 0, 0, 0, 0], tool_error: [0, 0, 1, 0, 0, 0, 0, 0] });
  });

  it('shows the minute under way, and ends with its step', async () => {
    await filled.record([{ server: 'files', tool: 'read', atMs: NOW - 1_000, durationsMs: [7] }]);
    const { calls, toMs, maxMs } = await line({ fromMs: NOW - MINUTE_MS, toMs: NOW });
    expect(calls).toEqual([0, 1]);
    expect(maxMs).toEqual([null, 7]);
    expect(toMs).toBe(Math.ceil(NOW / MINUTE_MS) * MINUTE_MS);
  });

  it('that ends with a minute does not show the next', async () => {
    const minute = Math.floor(NOW / MINUTE_MS) * MINUTE_MS;
    await filled.record([{ server: 'files', tool: 'read', atMs: minute + 1_000, durationsMs: [7] }]);
    expect((await line({ fromMs: minute - 2 * MINUTE_MS, toMs: minute })).calls).toEqual([0, 0]);
    expect((await line({ fromMs: minute, toMs: minute + 1 })).calls).toEqual([1]);
  });

  it('of nothing is empty, and holds only numbers that JSON can', async () => {
    const empty = await line({ fromMs: NOW - HOUR_MS, toMs: NOW }, true);
    expect(empty.summary).toEqual({
      calls: 0,
      errors: 0,
      errorRatePercent: 0,
      avgMs: 0,
      p50Ms: 0,
      p95Ms: 0,
      p99Ms: 0,
      maxMs: 0,
    });
    expect(empty.heatmap!.boundsMs).toEqual([]);
    expect(empty.outcomes).toEqual({});
    expect(JSON.parse(JSON.stringify(empty))).toEqual(empty);
  });

  it('of a range in the future is empty as well', async () => {
    const { calls } = await line({ fromMs: NOW + DAY_MS, toMs: NOW + DAY_MS + HOUR_MS });
    expect(calls.every((count) => count === 0)).toBe(true);
  });

  it('counts those that were given up beside the calls', async () => {
    const batch = {
      v: 1 as const,
      instance: 'one',
      seq: 1,
      process: { host: 'h', pid: 1, runtime: 'node', sdk: 'test' },
      servers: [{ name: 'files', version: '1' }],
      windows: [
        {
          server: 0,
          kind: 'tool' as const,
          name: 'read',
          startMs: NOW - 1_000,
          endMs: NOW - 1_000,
          outcomes: [0, 0, 0, 0, 4, 0, 0] as [number, number, number, number, number, number, number],
          digest: new Digest(),
        },
      ],
      resources: [],
      inFlight: [],
      dropped: {},
    };
    await filled.store.append({ batch, body: encodeBatch(batch), receivedAtMs: NOW, skewMs: 0 });
    const given = await line({ fromMs: NOW - 1_000, toMs: NOW }, true);
    expect(given).toMatchObject({
      calls: [0],
      avgMs: [null],
      p50Ms: [null],
      maxMs: [null],
      outcomes: { cancelled: [4] },
    });
    expect(given.summary.calls).toBe(0);
    expect(given.heatmap).toEqual({ boundsMs: [], steps: [[]] });
  });
});

describe('a distribution', () => {
  const spans = (...starts: number[]) => starts.map((fromMs) => ({ fromMs, toMs: fromMs + HOUR_MS }));

  it('shows two spans in the same bins, each by its own calls', async () => {
    const hours = [NOW - 10 * HOUR_MS, NOW - HOUR_MS];
    const durations = fc.array(duration, { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(durations, durations, subject, async (before, after, subject) => {
        const other = await openFilledStore(NOW);
        const made = [before, after].map((durationsMs, i): Calls => {
          const of = { server: subject.server ?? 'web', tool: subject.name ?? 'any', kind: subject.kind as 'tool' };
          return { ...of, atMs: hours[i]! + 5 * MINUTE_MS, durationsMs, failures: 0 };
        });
        await keep(made, other);
        const { boundsMs, spans: shown } = await readDistribution(other.store, subject, spans(...hours));
        expect(shown).toHaveLength(2);
        for (const [i, span] of shown.entries()) {
          const exact = made[i]!.durationsMs;
          expect(span.summary.calls).toBe(exact.length);
          expect(sum(span.sharePercent)).toBeCloseTo(100, 6);
          for (const [bin, bound] of boundsMs.entries()) {
            const plain = exact.filter((value) => value <= bound && value > (boundsMs[bin - 1] ?? -1)).length;
            expect(span.sharePercent[bin]).toBeCloseTo((100 * plain) / exact.length, 6);
          }
        }
        await other.close();
      }),
      runs,
    );
  });

  it('of a span without calls has shares of nothing, and bins of the other span', async () => {
    await keep([
      { server: 'files', tool: 'read', kind: 'tool', atMs: NOW - 5 * MINUTE_MS, durationsMs: [3, 5], failures: 0 },
    ]);
    const { boundsMs, spans: shown } = await readDistribution(
      filled.store,
      EVERYTHING,
      spans(NOW - 20 * HOUR_MS, NOW - HOUR_MS),
    );
    expect(boundsMs).toHaveLength(60);
    expect(sum(shown[0]!.sharePercent)).toBe(0);
    expect(sum(shown[1]!.sharePercent)).toBeCloseTo(100, 9);
    const none = await readDistribution(filled.store, EVERYTHING, spans(NOW - 20 * HOUR_MS));
    expect(none).toMatchObject({ boundsMs: [], spans: [{ sharePercent: [], summary: { calls: 0, maxMs: 0 } }] });
    expect(JSON.parse(JSON.stringify(none))).toEqual(none);
  });

  it('says which span it is of where only coarser rows are left', async () => {
    const old = Math.floor((NOW - 3 * DAY_MS) / HOUR_MS) * HOUR_MS;
    await keep([
      { server: 'files', tool: 'read', kind: 'tool', atMs: old + 50 * MINUTE_MS, durationsMs: [3], failures: 0 },
    ]);
    const asked = { fromMs: old + 10 * MINUTE_MS, toMs: old + 20 * MINUTE_MS };
    const { spans: shown } = await readDistribution(filled.store, EVERYTHING, [asked]);
    expect(shown[0]).toMatchObject({ fromMs: old, toMs: old + HOUR_MS, summary: { calls: 1 } });
  });
});
