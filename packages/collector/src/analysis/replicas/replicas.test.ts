import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import type { SeriesTrend } from '../../model/trends.ts';
import { type FilledStore, openFilledStore, testResources } from '../../testing/filledStore.ts';
import { randomNumbers } from '../../testing/weeksOfCalls.ts';
import { demandOf, type LoadMinute } from './demand.ts';
import { waitingShare, waitQuantile } from './erlangC.ts';
import type { ReplicaEvidence } from './evidence.ts';
import { growthOf } from './growth.ts';
import { recommendReplicas } from './recommend.ts';
import { createReplicas, type ReplicasDeps } from './service.ts';

describe("Erlang's C", () => {
  it.each([
    // One server: who comes finds it busy as often as it is.
    [1, 0.7, 0.7],
    [2, 1, 1 / 3],
    // Printed in tables of Erlang C, e.g. 8 erlang on 10 servers: 0.4092.
    [10, 8, 0.4092],
    [15, 10, 0.102],
  ])('of %i servers under %d erlang is %d', (servers, load, expected) => {
    expect(waitingShare(servers, load)).toBeCloseTo(expected, 4);
  });

  it('is a share that grows with load and falls with servers, also of many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0.001, max: 0.98, noNaN: true }), (n, share) => {
        const waiting = waitingShare(n, n * share);
        expect(waiting).toBeGreaterThanOrEqual(0);
        expect(waiting).toBeLessThanOrEqual(1);
        expect(waitingShare(n, n * share * 1.02)).toBeGreaterThanOrEqual(waiting);
        expect(waitingShare(n + 1, n * share)).toBeLessThanOrEqual(waiting);
      }),
    );
    expect(waitingShare(3, 3)).toBe(1);
  });

  it('gives waits as of one server, and none that ends where there is too much load', () => {
    // M/M/1 at 50 %: P(W > t) = 0.5 exp(-t / 2 S), so one in twenty waits ln(10) * 2 S.
    expect(waitQuantile(0.95, 1, 0.5, 10)).toBeCloseTo(20 * Math.log(10), 6);
    expect(waitQuantile(0.95, 1, 0.01, 10)).toBe(0);
    expect(waitQuantile(0.95, 2, 2, 10)).toBe(Number.POSITIVE_INFINITY);
  });
});

/** A day of minutes in which a call needs so much processor, give or take. */
function dayOf(msPerCall: number, seed: number, { perSecond = 20, idle = 0.03, noise = 0.1 } = {}): LoadMinute[] {
  const random = randomNumbers(seed);
  return Array.from({ length: 1440 }, (_, minute) => {
    const wave = 0.6 - 0.4 * Math.cos((2 * Math.PI * minute) / 1440);
    const callsPerSecond = perSecond * wave * (0.8 + 0.4 * random());
    const cores = idle + ((callsPerSecond * msPerCall) / 1000) * (1 - noise + 2 * noise * random());
    return { startMs: minute * MINUTE_MS, callsPerSecond, cores };
  });
}

describe('the processor that a call needs', () => {
  it('is told apart from what a process uses by itself', () => {
    let covered = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { perCall, idleCores } = demandOf(dayOf(12, seed))!;
      expect(perCall.value).toBeCloseTo(0.012, 3);
      expect(idleCores).toBeCloseTo(0.03, 2);
      if (perCall.low <= 0.012 && perCall.high >= 0.012) covered += 1;
    }
    // 95 % are meant; 40 days are 34 or more of them in all but one case of a thousand.
    expect(covered).toBeGreaterThanOrEqual(33);
  });

  it('is not told where the processor does not follow the calls', () => {
    expect(demandOf(dayOf(0, 1, { idle: 0.5 }))).toBeUndefined();
    expect(demandOf([])).toBeUndefined();
    const same = dayOf(10, 1).map((minute) => ({ ...minute, callsPerSecond: 5, cores: 0.1 }));
    expect(demandOf(same)).toBeUndefined();
  });
});

describe('instances', () => {
  const evidenceOf = (minutes: readonly LoadMinute[], more: Partial<ReplicaEvidence> = {}): ReplicaEvidence => {
    const rates = minutes.map(({ callsPerSecond }) => callsPerSecond).sort((a, b) => a - b);
    const busiestMinute = rates.at(-1) ?? 0;
    return {
      ...{ server: 'shop', instances: 1, minutes: [...minutes], reportsCpu: true, slowdown: undefined },
      calledMinutes: rates.length,
      calls: Math.round(60 * rates.reduce((sum, rate) => sum + rate, 0)),
      ...{ busiestMinute, busyMinute: rates[Math.floor(0.99 * rates.length)] ?? 0 },
      busiestHour: { day: busiestMinute, week: busiestMinute },
      ...more,
    };
  };
  const recommend = (evidence: ReplicaEvidence, more = {}) =>
    recommendReplicas(evidence, { targetUtilisation: 0.7, ...more });

  it('are added for a peak that one core cannot do', () => {
    // About 24 calls/s of 80 ms are 1.9 cores.
    const advice = recommend(evidenceOf(dayOf(80, 1)));
    expect(advice).toMatchObject({ verdict: 'add', instances: 1, peakDaysAhead: 0, now: { waitingPercent: 100 } });
    expect(advice.recommended!.value).toBe(3);
    expect(advice.planned!.utilisationPercent).toBeLessThan(72);
    expect(advice.now!.p95WaitMs).toBeNull();
    expect(advice.reasons.join(' ')).toMatch(/calls\/s.*ms of processor.*At 70 % of a core/);
  });

  it('grow with what is forecast', () => {
    const growth = { value: 3, low: 2, high: 4, daysAhead: 30 };
    const today = recommend(evidenceOf(dayOf(25, 1)));
    const ahead = recommend(evidenceOf(dayOf(25, 1)), { growth });
    expect(today.verdict).toBe('keep');
    expect(ahead).toMatchObject({ verdict: 'add', peakDaysAhead: 30 });
    expect(ahead.peakPerSecond!.value).toBeCloseTo(3 * today.peakPerSecond!.value, 6);
    expect(ahead.reasons[0]).toContain('In the next 30 days');
  });

  it('are taken away only where none of them is needed', () => {
    expect(recommend(evidenceOf(dayOf(10, 1), { instances: 4 }))).toMatchObject({
      verdict: 'remove',
      recommended: { value: 1 },
    });
    const near = recommend(evidenceOf(dayOf(56, 1), { instances: 2 }));
    expect(near).toMatchObject({ verdict: 'keep', recommended: { value: 2 } });
  });

  it('do not help where calls wait for something else', () => {
    const waiting = evidenceOf(dayOf(2, 1), { slowdown: { calls: 5_000, factor: 4, aloneMs: 100 } });
    expect(recommend(waiting)).toMatchObject({ verdict: 'would_not_help', recommended: null });
    expect(recommend(waiting).reasons.at(-1)).toContain('4 times as long as alone');
    // Calls that are all processor wait for it, and for nothing else.
    const busy = evidenceOf(dayOf(15, 1), { slowdown: { calls: 5_000, factor: 2, aloneMs: 15 } });
    expect(recommend(busy).verdict).toBe('keep');
    const found = recommend(evidenceOf(dayOf(2, 1)), { waitsFor: 'a pool of 2' });
    expect(found.reasons.at(-1)).toContain('calls wait for a pool of 2');
  });

  it.each([
    ['no instance', { instances: 0 }, 'No instance has reported'],
    ['no processor', { reportsCpu: false }, 'does not report its processor'],
    ['few minutes', { minutes: dayOf(10, 1).slice(0, 100) }, '240 are needed'],
    ['the first minutes', { reportsCpu: false, calledMinutes: 2, minutes: [] }, 'known for 0 minutes'],
    ['few calls', { calls: 40 }, 'It had 40 calls'],
    ['another load', { minutes: dayOf(0, 1, { idle: 0.5 }) }, 'does not follow its calls'],
  ])('cannot be told: %s', (_, more, words) => {
    const advice = recommend(evidenceOf(dayOf(10, 1), more));
    expect(advice).toMatchObject({ verdict: 'not_enough_data', recommended: null });
    expect(advice.reasons.join(' ')).toContain(words);
  });

  it('follow load and demand, whatever they are', () => {
    const runs = { numRuns: 60 };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(50),
        (ms, instances, seed) => {
          const advice = recommend(evidenceOf(dayOf(ms, seed), { instances }));
          const { low, value, high } = advice.recommended!;
          expect(low).toBeLessThanOrEqual(high);
          expect(value).toBeGreaterThanOrEqual(1);
          if (advice.verdict === 'add') expect(value).toBeGreaterThan(instances);
          if (advice.verdict === 'remove') expect(value).toBeLessThan(instances);
          if (advice.verdict === 'keep') expect(value).toBe(instances);
        },
      ),
      runs,
    );
  });
});

describe('a server in the store', () => {
  const nowMs = Date.parse('2025-10-31T13:00:30Z');
  let filled: FilledStore;
  beforeAll(async () => {
    filled = await openFilledStore(nowMs - 8 * HOUR_MS);
    const random = randomNumbers(1);
    for (let atMs = nowMs - 8 * HOUR_MS; atMs < nowMs; atMs += MINUTE_MS, filled.clock.advance(MINUTE_MS)) {
      const calls = Math.round(20 + 40 * random());
      const slow = Array.from({ length: Math.floor(calls / 4) }, () => 450);
      const fast = Array.from({ length: calls - slow.length }, () => 100);
      await filled.record(
        [
          { server: 'db', tool: 'ask-1', atMs, durationsMs: [...fast, ...slow] },
          { server: 'db', tool: 'ask-1{calls="3-4"}', kind: 'overlapped', atMs, durationsMs: slow },
        ],
        { resources: [testResources(atMs, { cpuPercent: 1 + calls / 60 })] },
      );
    }
  });
  afterAll(() => filled.close());
  const replicas = (outlook?: ReplicasDeps['outlook']) =>
    createReplicas({
      ...{ store: filled.store, clock: filled.clock, config: { replicas: { targetPercent: 70 } } },
      ...(outlook && { outlook }),
    });

  it('is told what other analyses know of it', async () => {
    const growth = { value: 300, low: 200, high: 400, daysAhead: 30 };
    const [advice] = await replicas(async () => new Map([['db', { growth }]])).recommend('db');
    expect(advice).toMatchObject({ verdict: 'add', peakDaysAhead: 30 });
  });

  it('is judged by its calls, its processor, and how calls overlapped', async () => {
    const [advice] = await replicas().recommend('db');
    // 10 ms of processor per call: a sixtieth of a per cent of a core, for one call in a minute.
    expect(advice!.cpuMsPerCall!.value).toBeCloseTo(10, 3);
    expect(advice!.peakPerSecond!.value).toBeCloseTo(1, 1);
    expect(advice).toMatchObject({ verdict: 'would_not_help', instances: 1 });
    expect(advice!.reasons.at(-1)).toContain('4.5 times');
  });

  it('is told as unknown when it is', async () => {
    await expect(replicas().recommend('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('growth', () => {
  const week = (level: number) => Float64Array.from({ length: 7 }, (_, day) => level * (day < 5 ? 1.2 : 0.5));
  const trendOf = (middle: Float64Array, high95: Float64Array): Pick<SeriesTrend, 'forecast'> => {
    return {
      forecast: { startMs: 0, stepMs: DAY_MS, middle, low95: week(50), low80: middle, high80: middle, high95 },
    };
  };

  it('is that of a week against a week, with the busiest hours as its ends', () => {
    const growth = growthOf(trendOf(week(150), week(300)), week(100), DAY_MS)!;
    expect(growth.value).toBeCloseTo(1.5, 6);
    expect(growth.low).toBeCloseTo(0.5, 6);
    expect(growth.high).toBeCloseTo(3, 6);
  });

  it('is none where nothing is known, or nothing was called', () => {
    expect(growthOf({ forecast: null }, week(1), DAY_MS)).toBeUndefined();
    expect(growthOf(trendOf(week(1), week(1)), new Float64Array(7), DAY_MS)).toBeUndefined();
  });
});
