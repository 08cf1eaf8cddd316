import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Place, pageOf, type TextOrder } from './paging.ts';

interface Item {
  value: number;
  text: string;
}

const placeOf = ({ value, text }: Item): Place => [value, text];
const keyOf = (item: Item) => JSON.stringify(placeOf(item));

const item = fc.record({
  value: fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  // Half surrogates and control characters as well: names come from strangers.
  text: fc.oneof(fc.constantFrom('', 'a', 'b', '\ud800', '"\\\u0000'), fc.string({ unit: 'binary' })),
});
const list = (maxLength: number) => fc.uniqueArray(item, { selector: keyOf, maxLength });

/** All pages; between two of them the list becomes another one. */
function walk(lists: (page: number) => readonly Item[], limit: number, textOrder: TextOrder): Item[] {
  const seen: Item[] = [];
  let cursor: string | undefined;
  for (let page = 0; ; page++) {
    const { items, nextCursor } = pageOf(lists(page), placeOf, { limit, cursor }, textOrder);
    expect(items.length).toBeLessThanOrEqual(limit);
    seen.push(...items);
    if (nextCursor === null) return seen;
    expect(items.length).toBe(limit);
    cursor = nextCursor;
  }
}

const isOrdered = (items: readonly Item[], textOrder: TextOrder) =>
  items.every((one, i) => {
    const before = items[i - 1];
    if (before === undefined || before.value > one.value) return true;
    return before.value === one.value && (textOrder === 'ascending' ? before.text < one.text : before.text > one.text);
  });

const isNoPlace = (value: unknown) =>
  !(Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'string');

describe('pages', () => {
  it('show each entry once, in order, whatever appears or disappears meanwhile', () => {
    fc.assert(
      fc.property(
        list(40),
        fc.array(list(10), { maxLength: 10 }),
        fc.integer({ min: 1, max: 15 }),
        fc.constantFrom<TextOrder>('ascending', 'descending'),
        (lasting, passing, limit, textOrder) => {
          const isLasting = new Set(lasting.map(keyOf));
          const others = passing.map((some) => some.filter((one) => !isLasting.has(keyOf(one))));
          const seen = walk((page) => [...(others[page] ?? []), ...lasting], limit, textOrder);
          expect(isOrdered(seen, textOrder)).toBe(true);
          expect(new Set(seen.map(keyOf)).size).toBe(seen.length);
          expect(
            seen
              .map(keyOf)
              .filter((key) => isLasting.has(key))
              .sort(),
          ).toEqual([...isLasting].sort());
        },
      ),
    );
  });

  it('end without an empty one', () => {
    const items = Array.from({ length: 6 }, (_, value) => ({ value, text: '' }));
    const first = pageOf(items, placeOf, { limit: 3 });
    expect(first.items.map(({ value }) => value)).toEqual([5, 4, 3]);
    expect(pageOf(items, placeOf, { limit: 3, cursor: first.nextCursor! })).toMatchObject({ nextCursor: null });
    expect(pageOf([], placeOf, { limit: 3 })).toEqual({ items: [], nextCursor: null });
  });

  it('go on after an entry that is gone', () => {
    const items = Array.from({ length: 6 }, (_, value) => ({ value, text: '' }));
    const { nextCursor } = pageOf(items, placeOf, { limit: 2 });
    const left = items.filter(({ value }) => value !== 4);
    expect(pageOf(left, placeOf, { limit: 2, cursor: nextCursor! }).items.map(({ value }) => value)).toEqual([3, 2]);
  });

  it('refuse a cursor that is none of theirs', () => {
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const garbage = fc.oneof(
      fc.string(),
      fc.jsonValue().filter(isNoPlace).map(encoded),
      fc.constantFrom(encoded([null, 'a']), encoded(['1', 'a']), encoded([1]), encoded([1, 'a', 2]), encoded({}), ''),
    );
    fc.assert(
      fc.property(garbage, (cursor) => {
        expect(() => pageOf([], placeOf, { limit: 1, cursor })).toThrow(
          expect.objectContaining({ name: 'VitalsError', code: 'invalid' }),
        );
      }),
    );
  });
});
