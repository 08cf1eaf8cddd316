import { expect, it } from 'vitest';
import { AnswerCache } from './answerCache.ts';
import { callKey } from './callKey.ts';

const budgetOf = (maxBytes = 1e6) => ({ usedBytes: 0, maxBytes });
const POLICY = { ttlMs: 100, maxEntries: 2, maxBytes: 10_000 };
const answer = (text: string) => ({ content: [{ type: 'text', text }] });

it('gives an answer until its time is up, each time as a new object', () => {
  const cache = new AnswerCache(POLICY, budgetOf());
  const given = answer('a');
  cache.put('a', given, 0);
  given.content[0]!.text = 'changed by the tool';
  const first = cache.get('a', 99) as typeof given;
  expect(first).toEqual(answer('a'));
  first.content[0]!.text = 'changed by a client';
  expect(cache.get('a', 99)).toEqual(answer('a'));
  expect(cache.get('a', 100)).toBeUndefined();
});

it('lets go of what was used the longest ago', () => {
  const cache = new AnswerCache(POLICY, budgetOf());
  for (const key of ['a', 'b']) cache.put(key, answer(key), 0);
  cache.get('a', 0);
  cache.put('c', answer('c'), 0);
  expect(['a', 'b', 'c'].map((key) => cache.get(key, 0) !== undefined)).toEqual([true, false, true]);
});

it('keeps to its bytes and to those of all caches, and gives all of them back', () => {
  const budget = budgetOf(3_000);
  const one = new AnswerCache({ ...POLICY, maxEntries: 100 }, budget);
  const two = new AnswerCache({ ...POLICY, maxEntries: 100 }, budget);
  one.put('huge', answer('x'.repeat(5_000)), 0);
  expect(one.get('huge', 0)).toBeUndefined();
  for (let i = 0; i < 50; i += 1) (i % 2 === 0 ? one : two).put(String(i), answer('y'.repeat(100)), 0);
  expect(budget.usedBytes).toBeLessThanOrEqual(3_000);
  expect(budget.usedBytes).toBeGreaterThan(1_000);
  one.update({ ...POLICY, maxEntries: 1 });
  one.clear();
  two.clear();
  expect(budget.usedBytes).toBe(0);
});

it('does not keep what has no JSON', () => {
  const cache = new AnswerCache(POLICY, budgetOf());
  cache.put('a', { big: 1n }, 0);
  expect(cache.get('a', 0)).toBeUndefined();
});

it('knows the same arguments in another order, and nothing else', () => {
  const key = callKey([{ name: 'read', arguments: { a: 1, b: [1, { c: null, d: 'x' }] } }]);
  expect(callKey([{ arguments: { b: [1, { d: 'x', c: null }], a: 1 }, name: 'read' }])).toBe(key);
  for (const other of [{ a: 1, b: [{ c: null, d: 'x' }, 1] }, { a: '1', b: [1, { c: null, d: 'x' }] }, { a: 1 }]) {
    expect(callKey([{ name: 'read', arguments: other }])).not.toBe(key);
  }
  expect(callKey([['a', 'b']])).not.toBe(callKey([['a,b']]));
  expect(callKey([['a"]', 'b']])).not.toBe(callKey([['a', '"]b']]));
});

it('does not look at what is too big, or no JSON', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const deep = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) as unknown;
  for (const value of [cyclic, deep, 'x'.repeat(300_000), new Map(), { big: 1n }]) {
    expect(callKey([value])).toBeUndefined();
  }
});
