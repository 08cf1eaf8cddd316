import { Digest } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../model/rollup.ts';
import { type FilledStore, minutesBefore, openFilledStore, testResources } from '../../testing/filledStore.ts';
import type { CostStep, CpuStep, ServerEvidence } from './evidence.ts';
import { pricesOf, tokensOf } from './prices.ts';
import { savingsOf } from './savings.ts';
import { createCosts } from './service.ts';
import { shareCpu } from './shareCpu.ts';
import { toolCosts } from './toolCosts.ts';

const CONFIG = { prices: { small: 1, large: 15 }, currency: 'EUR', bytesPerToken: 4, pageTokens: 1000 };

const step = fc.record({
  name: fc.constantFrom('read', 'write', 'list', '__proto__'),
  isTool: fc.boolean(),
  startMs: fc.integer({ min: 0, max: 5 }).map((minute) => minute * MINUTE_MS),
  calls: fc.integer({ min: 1, max: 1000 }),
  totalMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  maxMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
});
const cpuSteps = fc.uniqueArray(
  fc.record({
    startMs: fc.integer({ min: 0, max: 7 }).map((minute) => minute * MINUTE_MS),
    seconds: fc.double({ min: 0, max: 240, noNaN: true }),
  }),
  { selector: ({ startMs }) => startMs },
);

describe('sharing a processor', () => {
  const total = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

  it('gives away what was used, and no more than a tool took time', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), cpuSteps, (requests, cpu) => {
        const tools = requests.map((request) => ({ ...request, isTool: true }));
        const { secondsOf, totalSeconds, unsharedSeconds } = shareCpu(tools, cpu);
        expect(total(secondsOf.values()) + unsharedSeconds).toBeCloseTo(totalSeconds, 6);
        for (const [tool, seconds] of secondsOf) {
          const ownMs = total(tools.filter(({ name }) => name === tool).map(({ totalMs }) => totalMs));
          expect(seconds).toBeLessThanOrEqual(ownMs / 1000 + 1e-9);
        }
      }),
    );
  });

  it('is by time within a step, and counts requests that are no tools', () => {
    const at = (name: string, totalMs: number, isTool = true, startMs = 0): CostStep => {
      return { name, isTool, startMs, calls: 1, totalMs, maxMs: totalMs };
    };
    const cpu: CpuStep[] = [
      { startMs: 0, seconds: 4 },
      { startMs: MINUTE_MS, seconds: 6 },
    ];
    const shared = shareCpu([at('a', 4000), at('b', 2000), at('x', 2000, false), at('a', 1000, true, MINUTE_MS)], cpu);
    // In the second minute `a` took one second, and cannot have used six.
    expect([...shared.secondsOf]).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    expect(shared).toMatchObject({ totalSeconds: 10, unsharedSeconds: 5 });
  });
});

describe('prices', () => {
  it('are linear, and none is invented', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (a, b) => {
        const [of, ofA, ofB] = [a + b, a, b].map((bytes) => pricesOf(tokensOf(bytes, CONFIG), CONFIG));
        for (const model of ['small', 'large']) expect(of![model]).toBeCloseTo(ofA![model]! + ofB![model]!, 6);
      }),
    );
    expect(pricesOf(1_000_000, CONFIG)).toEqual({ small: 1, large: 15 });
    expect(pricesOf(1_000_000, { prices: {} })).toEqual({});
  });
});

describe('savings', () => {
  const evidenceOf = (sizes: readonly number[], calls = 100, totalMs = 100): ServerEvidence => ({
    server: 'files',
    stepMs: HOUR_MS,
    requests: [{ name: 'read', isTool: true, startMs: 0, calls, totalMs, maxMs: 1 }],
    sizes:
      sizes.length === 0
        ? []
        : [
            {
              ...{ name: 'read', calls: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) },
              ...{ maxBytes: Math.max(...sizes), sketch: Digest.ofSorted(Float64Array.from(sizes).sort()) },
            },
          ],
    sizeSteps: [],
    cpu: [{ startMs: 0, seconds: 0.05 }],
  });
  const savings = (evidence: ServerEvidence) => {
    const tools = toolCosts(evidence, shareCpu(evidence.requests, evidence.cpu), CONFIG);
    return savingsOf(evidence, tools, CONFIG);
  };
  const many = (size: number, count: number) => Array<number>(count).fill(size);

  it('come from pages where few results are large, and from smaller ones where most are', () => {
    const [paging, ...none] = savings(evidenceOf([...many(1_000, 90), ...many(44_000, 10)]));
    expect(none).toEqual([]);
    // Ten results of 11,000 tokens, of which a page has 1,000.
    expect(paging).toMatchObject({ kind: 'paging', tokens: 100_000, prices: { small: 0.1, large: 1.5 } });
    expect(savings(evidenceOf(many(44_000, 20)))).toMatchObject([{ kind: 'smaller_results', tokens: 200_000 }]);
    expect(savings(evidenceOf(many(4_000, 100)))).toEqual([]);
  });

  it('never exceed what there is', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e7), { minLength: 1, maxLength: 200 }), (sizes) => {
        const tokens = sizes.reduce((sum, size) => sum + size, 0) / CONFIG.bytesPerToken;
        for (const saving of savings(evidenceOf(sizes))) {
          expect(saving.tokens).toBeLessThanOrEqual(tokens * (1 + 1e-9));
          expect(saving.tokens).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('are said for each tenth of calls that repeat, and to be measured where nothing is', () => {
    expect(savings(evidenceOf([], 1_000, 50_000))).toMatchObject([
      { kind: 'caching', tool: 'read', totalMs: 5_000, tokens: 0 },
      { kind: 'measure_results', tool: '' },
    ]);
  });
});

describe('the cost of a day', () => {
  const nowMs = Date.parse('2025-10-31T13:00:30Z');
  const day = { fromMs: nowMs - 24 * HOUR_MS, toMs: nowMs };
  let filled: FilledStore;
  beforeAll(async () => {
    filled = await openFilledStore(nowMs, { cost: { bytesPerToken: 4, prices: { m: 10 } } });
    const atMs = minutesBefore(nowMs, 5) + 1_000;
    await filled.record(
      [
        { server: 'files', tool: 'read', atMs, durationsMs: [100, 200, 700] },
        { server: 'files', tool: 'list', atMs, durationsMs: [1_000] },
        { server: 'files', tool: 'read', kind: 'result_bytes', atMs, durationsMs: [400, 400, 40_000] },
      ],
      { resources: [testResources(atMs, { cpuPercent: 2 })] },
    );
    await filled.record([{ server: 'shop', tool: 'buy', atMs, durationsMs: [5] }]);
  });
  afterAll(() => filled.close());
  const costs = () => createCosts(filled);

  it('adds up over tools and servers', async () => {
    const report = await costs().analyse(day);
    expect(report.tools.map(({ server, tool }) => `${server}/${tool}`)).toEqual([
      'files/read',
      'files/list',
      'shop/buy',
    ]);
    const [read, list, buy] = report.tools;
    expect(read!.results).toMatchObject({ measuredCalls: 3, bytes: 40_800, tokens: 10_200, maxBytes: 40_000 });
    expect(read!.results!.prices.m).toBeCloseTo(0.102, 9);
    // 2 % of a core through a minute are 1.2 s, half of which each.
    expect([read!.cpu, list!.cpu, buy!.cpu]).toMatchObject([{ seconds: 0.6 }, { seconds: 0.6 }, {}]);
    expect(report.total).toMatchObject({ calls: 5, totalMs: 2_005, tokens: 10_200, measuredPercent: 60 });
  });

  it('names the dearest calls, and what is not known', async () => {
    const { dearestCalls, tools, servers, savings } = await costs().analyse({ ...day, server: 'shop' });
    expect(dearestCalls).toMatchObject([{ tool: 'buy', unit: 'ms', value: 5, stepMs: HOUR_MS }]);
    expect(tools[0]).toMatchObject({ results: null });
    expect(servers).toHaveLength(1);
    expect(savings).toMatchObject([{ kind: 'measure_results', server: 'shop' }]);
    const all = await costs().analyse(day);
    expect(all.dearestCalls[0]).toMatchObject({ server: 'files', tool: 'read', unit: 'tokens', value: 10_000 });
    expect(all.dearestCalls.filter(({ unit }) => unit === 'ms').map(({ value }) => value)).toEqual([1_000, 700, 5]);
  });

  it('is nothing where nothing was called, and unknown of a server that nobody knows', async () => {
    const empty = await costs().analyse({ fromMs: day.fromMs - 24 * HOUR_MS, toMs: day.fromMs });
    expect(empty).toMatchObject({ tools: [], savings: [], total: { calls: 0, tokens: 0, measuredPercent: 0 } });
    await expect(costs().analyse({ ...day, server: 'a"\nb' })).rejects.toMatchObject({
      code: 'not_found',
      message: 'No server "a\\"\\nb" has reported',
      hint: 'There are: "files", "shop".',
    });
  });
});
