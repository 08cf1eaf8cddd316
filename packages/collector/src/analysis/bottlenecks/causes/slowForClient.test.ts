import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { randomNumbers } from '../../../testing/weeksOfCalls.ts';
import { emptyTool, type Sight } from '../evidence/sight.ts';
import { findBottlenecks } from '../findBottlenecks.ts';
import { type Service, simulatedSight, unlimited } from '../simulatedSightFixtures.ts';

const SECONDS = 120;
const RUNS = 30 * inject('thoroughness');
const NAMES = ['claude-code', 'cursor', 'vscode', 'zed'];

interface Caller {
  perSecond(second: number): number;
  service: Service;
}

/** A server with one tool, and those who call it. */
function calledBy(callers: Readonly<Record<string, Caller>>, seed: number): Sight {
  const apart = Object.entries(callers).map(([tool, caller]) => ({ tool, ...caller }));
  const sight = simulatedSight({ seconds: SECONDS, seed, tools: apart });
  const whole = emptyTool('search', SECONDS);
  for (const { tool: client, calls, sumMs } of sight.tools) {
    for (let slot = 0; slot < SECONDS; slot++) {
      whole.calls[slot]! += calls[slot]!;
      whole.sumMs[slot]! += sumMs[slot]!;
    }
    whole.clients.push({ client, calls, sumMs, p95Ms: 100 });
  }
  return { ...sight, tools: [whole] };
}

const found = (...sights: Sight[]) => findBottlenecks(sights).filter(({ cause }) => cause === 'slow_for_client');

const seeds = fc.integer({ min: 1, max: 1_000_000 });
const mediansMs = fc.integer({ min: 10, max: 300 });
/** From hardly any spread to calls of which some take ten times as long as others. */
const spreads = fc.double({ min: 0.1, max: 1, noNaN: true });

const lognormal = (medianMs: number, spread: number, random: () => number) => {
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return medianMs * Math.exp(spread * normal);
};

describe('a client whose calls are slower than those of the others', () => {
  it('is named, however many others there are', () => {
    const rates = fc.integer({ min: 2, max: 20 });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }),
        fc.double({ min: 3, max: 12, noNaN: true }),
        rates,
        mediansMs,
        seeds,
        (count, times, rate, ms, seed) => {
          const random = randomNumbers(seed);
          const callers = NAMES.slice(0, count).map((name, i) => {
            const service = unlimited(() => lognormal(i === 0 ? times * ms : ms, 0.5, random));
            return [name, { perSecond: () => rate, service }] as const;
          });
          const findings = found(calledBy(Object.fromEntries(callers), seed));
          expect(findings).toMatchObject([{ clients: ['claude-code'], tools: ['search'], instances: [] }]);
          expect(findings[0]!.severity).not.toBe('low');
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('is told with what that costs, and how surely', () => {
    const caller = (ms: number) => ({ perSecond: () => 10, service: unlimited(() => ms) });
    const [finding] = found(calledBy({ cursor: caller(100), 'claude-code': caller(500) }, 1));
    expect(finding).toMatchObject({ clients: ['claude-code'], severity: 'critical' });
    // Of every 600 ms, 400 would not be needed if its calls took what those of the other take.
    expect(finding!.shareOfTimePercent).toBeCloseTo((100 * 400) / 600, -1);
    expect(finding!.confidence).toBeGreaterThan(0.9);
    const numberOf = (name: string) => finding!.evidence.find((item) => item.name === name)?.value;
    expect(numberOf('times as slow as for the others')).toBeCloseTo(5, 5);
    expect(numberOf('duration of calls of the others at the same time')).toBeCloseTo(100, 5);
  });
});

describe('clients whose calls take the same', () => {
  it('are not told apart, whatever the spread and however often each calls', () => {
    const rates = fc.tuple(...NAMES.map(() => fc.double({ min: 0.2, max: 20, noNaN: true })));
    fc.assert(
      fc.property(rates, mediansMs, spreads, seeds, (perSecond, ms, spread, seed) => {
        const random = randomNumbers(seed);
        const service = unlimited(() => lognormal(ms, spread, random));
        const callers = NAMES.map((name, i) => [name, { perSecond: () => perSecond[i]!, service }] as const);
        expect(found(calledBy(Object.fromEntries(callers), seed))).toEqual([]);
      }),
      { numRuns: 4 * RUNS },
    );
  });

  it('are not told apart where one of them calls most while all are slow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), mediansMs, seeds, (times, ms, seed) => {
        const random = randomNumbers(seed);
        const isSlow = (second: number) => second >= 40 && second < 80;
        const service = unlimited((atMs) => lognormal(isSlow(atMs / 1_000) ? times * ms : ms, 0.5, random));
        const callers = {
          steady: { perSecond: () => 6, service },
          late: { perSecond: (second: number) => (isSlow(second) ? 12 : 1), service },
        };
        expect(found(calledBy(callers, seed))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('are not told apart for a few calls that took very long', () => {
    let calls = 0;
    const service = unlimited(() => 50);
    const outliers = unlimited(() => (++calls % 100 === 0 ? 30_000 : 50));
    const caller = (of: Service) => ({ perSecond: () => 5, service: of });
    expect(found(calledBy({ cursor: caller(service), 'claude-code': caller(outliers) }, 1))).toEqual([]);
  });

  it('are not told apart for being served by processes that differ', () => {
    const only = (name: string, ms: number) => ({
      [name]: { perSecond: () => 10, service: unlimited(() => ms) },
    });
    expect(
      found(calledBy(only('cursor', 20), 1), { ...calledBy(only('claude-code', 400), 2), instance: 'two' }),
    ).toEqual([]);
  });
});

it('says nothing where one client calls, or none is known', () => {
  const caller = { perSecond: () => 10, service: unlimited(() => 500) };
  expect(found(calledBy({ cursor: caller }, 1))).toEqual([]);
  expect(found({ ...calledBy({ cursor: caller }, 1), tools: [emptyTool('search', SECONDS)] })).toEqual([]);
});
