import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedule } from '../load/schedule.ts';
import { type ListedTool, type PlanOptions, planCalls } from './planCalls.ts';
import { parseScript } from './script.ts';

const tool = (name: string, annotations: ListedTool['annotations'] = {}): ListedTool => ({
  name,
  inputSchema: { type: 'object' },
  annotations,
});
const OPTIONS: PlanOptions = { calls: 100, includeDestructive: false };

describe('without a script', () => {
  const listed = [
    tool('silent'),
    tool('reads', { readOnlyHint: true }),
    tool('reads after all', { readOnlyHint: true, destructiveHint: true }),
    tool('writes', { destructiveHint: false }),
    tool('erases', { destructiveHint: true }),
  ];

  it('all are called but those that say that they destroy', () => {
    const plan = planCalls(listed, OPTIONS);
    expect(plan.tools.map((each) => each.tool)).toEqual(['silent', 'reads', 'reads after all', 'writes']);
    expect(plan.notMeasured.map((each) => each.tool)).toEqual(['erases']);
    expect(plan.mayWrite).toEqual(['silent', 'writes']);
  });

  it('those as well when asked to, and only what is wanted', () => {
    const plan = planCalls(listed, { ...OPTIONS, includeDestructive: true, only: ['*s', 'nothing'] });
    expect(plan.tools.map((each) => each.tool)).toEqual(['reads', 'writes', 'erases']);
    expect(plan.notMeasured).toEqual([expect.objectContaining({ tool: 'nothing', isFailure: true })]);
  });

  it('a tool that runs as a task is left out', () => {
    const { notMeasured } = planCalls([{ ...tool('long'), execution: { taskSupport: 'required' } }], OPTIONS);
    expect(notMeasured).toEqual([expect.objectContaining({ tool: 'long', isFailure: false })]);
  });
});

describe('a script', () => {
  it('shares the calls of a tool by weight, but for what says how often', () => {
    const script = parseScript(
      JSON.stringify([
        { tool: 'a', arguments: { n: 1 }, weight: 3 },
        { tool: 'a', arguments: { n: 2 } },
        { tool: 'a', arguments: { n: 3 }, times: 7 },
      ]),
    );
    const plan = planCalls([tool('a'), tool('b')], { ...OPTIONS, script });
    expect(plan.tools).toEqual([
      {
        tool: 'a',
        calls: 107,
        variants: [
          { arguments: { n: 1 }, times: 75 },
          { arguments: { n: 2 }, times: 25 },
          { arguments: { n: 3 }, times: 7 },
        ],
      },
    ]);
  });

  it.each([
    ['[{"tool": "a"}, {"tool": ""}]', 'Call 2 of the script: tool'],
    ['{"tool": "a"}\n{"tool": "b", "times": 0}', 'Line 2 of the script: times'],
    ['{"tool": "a", "secret": 1}', 'Line 1 of the script'],
    ['{"tool": "a"}\nsecret', 'Line 2 of the script is no JSON'],
    ['', 'The script holds no call'],
  ])('%j is refused with the place', (text, message) => {
    expect(() => parseScript(text)).toThrow(message);
  });
});

it('a schedule makes every call once, evenly over the rounds, the same for the same seed', () => {
  const times = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 });
  const inputs = [fc.array(times, { maxLength: 4 }), fc.integer({ min: 1, max: 30 }), fc.nat()] as const;
  fc.assert(
    fc.property(...inputs, (plan, rounds, seed) => {
      const tools = plan.map((each, i) => ({
        tool: `${i}`,
        calls: each.reduce((sum, one) => sum + one, 0),
        variants: each.map((one, n) => ({ arguments: { n }, times: one })),
      }));
      const calls = [...schedule(tools, rounds, seed)];
      expect([...schedule(tools, rounds, seed)]).toEqual(calls);
      for (const [index, each] of tools.entries()) {
        const own = calls.filter((call) => call.index === index);
        const perRound = Array.from(
          { length: rounds },
          (_, round) => own.filter((call) => call.round === round).length,
        );
        expect(Math.max(...perRound) - Math.min(...perRound)).toBeLessThanOrEqual(1);
        expect(
          each.variants.map(({ arguments: args }) => own.filter((call) => call.arguments === args).length),
        ).toEqual(each.variants.map((variant) => variant.times));
      }
      expect(calls.map(({ round }) => round)).toEqual(calls.map(({ round }) => round).sort((a, b) => a - b));
    }),
  );
});
