import fc from 'fast-check';
import { describe, expect, inject, it, test } from 'vitest';
import { POLICY_LIMITS, type Policy } from './policy.ts';
import { readPolicies } from './readPolicies.ts';

const policy = (change: object = {}): Policy => ({
  server: 'files',
  version: 3,
  leaseMs: 60_000,
  tools: {
    read: {
      concurrency: { limit: 8, adaptive: { min: 1, max: 64 }, maxQueued: 100, maxWaitMs: 250 },
      timeout: { afterMs: 5_000 },
      cache: { ttlMs: 1_000, maxEntries: 10, maxBytes: 1_000_000 },
      coalesce: {},
      rate: { perSecond: 0.5, burst: 3 },
      shed: { targetWaitMs: 50 },
    },
    '*': { concurrency: { limit: 1, maxQueued: 0, maxWaitMs: 0 } },
  },
  ...change,
});

const forTool = (tool: unknown) => policy({ tools: { read: tool } });
const answer = (...policies: unknown[]) => JSON.parse(JSON.stringify({ accepted: true, policies })) as unknown;

describe('policies in an answer', () => {
  it('are read as they are', () => {
    expect(readPolicies(answer(policy(), policy({ server: 'other' })))).toEqual({
      policies: [policy(), policy({ server: 'other' })],
      refused: [],
    });
  });

  it.each([[{}], [null], [[]], ['policies'], [{ accepted: true }]])('are none in %j', (given) => {
    expect(readPolicies(given)).toEqual({ policies: [], refused: [] });
  });

  it('of the same server: the newest counts', () => {
    const read = readPolicies(answer(policy({ version: 1 }), policy({ version: 9 }), policy({ version: 4 })));
    expect(read.policies.map(({ version }) => version)).toEqual([9]);
  });

  it('keep no more than they know, and no prototype', () => {
    const text = `{"policies":[{"server":"s","version":1,"leaseMs":5000,"later":1,
      "tools":{"__proto__":{"timeout":{"afterMs":7,"x":1},"teleport":{}}}}]}`;
    const [read] = readPolicies(JSON.parse(text)).policies;
    expect(Object.keys(read!)).toEqual(['server', 'version', 'leaseMs', 'tools']);
    expect(Object.entries(read!.tools)).toEqual([['__proto__', { timeout: { afterMs: 7 } }]]);
    expect(read!.tools.constructor).toBeUndefined();
  });

  it.each([
    ['a text', 'policy'],
    ['nothing', null],
    ['no server', policy({ server: 7 })],
    ['a long name', policy({ server: 'x'.repeat(1_001) })],
    ['no version', policy({ version: 0 })],
    ['half a version', policy({ version: 1.5 })],
    ['a lease without end', policy({ leaseMs: POLICY_LIMITS.maxLeaseMs + 1 })],
    ['too short a lease', policy({ leaseMs: 999 })],
    ['a list of tools', policy({ tools: [] })],
    ['too many tools', policy({ tools: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [i, {}])) })],
    ['a number for a control', forTool({ timeout: 5 })],
    ['no limit', forTool({ concurrency: { maxQueued: 1, maxWaitMs: 1 } })],
    ['a limit of none', forTool({ concurrency: { limit: 0, maxQueued: 1, maxWaitMs: 1 } })],
    [
      'bounds the wrong way',
      forTool({ concurrency: { limit: 1, maxQueued: 1, maxWaitMs: 1, adaptive: { min: 2, max: 1 } } }),
    ],
    ['a text for a number', forTool({ timeout: { afterMs: '5' } })],
    ['a rate of none', forTool({ rate: { perSecond: 0, burst: 1 } })],
    ['a cache without bounds', forTool({ cache: { ttlMs: 1, maxEntries: 1 } })],
    ['a negative wait', forTool({ shed: { targetWaitMs: -1 } })],
  ])('are refused whole with %s, and the others obeyed', (_, wrong) => {
    const read = readPolicies(answer(wrong, policy({ server: 'other' })));
    expect(read.policies.map(({ server }) => server)).toEqual(['other']);
    expect(read.refused).toHaveLength(1);
  });

  it('that are far too many are not looked at', () => {
    expect(readPolicies(answer(...Array.from({ length: 101 }, () => policy())))).toMatchObject({ policies: [] });
  });
});

test('any JSON is read without a throw, and what is obeyed is within its bounds', () => {
  const wild = fc.oneof(
    fc.jsonValue(),
    fc.record({
      server: fc.oneof(fc.string(), fc.jsonValue()),
      version: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
      leaseMs: fc.oneof(fc.integer(), fc.double()),
      tools: fc.dictionary(
        fc.string(),
        fc.record(
          {
            concurrency: fc.record({ limit: fc.integer(), maxQueued: fc.integer(), maxWaitMs: fc.double() }),
            rate: fc.record({ perSecond: fc.double(), burst: fc.double() }),
          },
          { requiredKeys: [] },
        ),
      ),
    }),
  );
  fc.assert(
    fc.property(fc.array(wild), (policies) => {
      for (const { leaseMs, tools } of readPolicies({ policies }).policies) {
        expect(leaseMs).toBeGreaterThanOrEqual(POLICY_LIMITS.minLeaseMs);
        for (const { concurrency, rate } of Object.values(tools)) {
          if (concurrency) expect(Number.isInteger(concurrency.limit) && concurrency.limit >= 1).toBe(true);
          if (rate) expect(Number.isFinite(rate.perSecond) && rate.perSecond > 0).toBe(true);
        }
      }
    }),
    { numRuns: 300 * inject('thoroughness') },
  );
});
