/**
 * Pages of a list, by cursor. A cursor says after which entry the page begins, in the order of the list, and not how many
 * came before: what appears or disappears meanwhile neither repeats an entry nor hides one.
 */
import { z } from 'zod';
import { VitalsError } from '../../errors.ts';

/** The place of an entry: greatest number first, entries of one number by text. Two entries must not share one. */
export type Place = readonly [number, string];

/** Of texts: `descending` where they grow with time, as the numbers do, and the newest comes first. */
export type TextOrder = 'ascending' | 'descending';

export const pageFields = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().max(20_000).optional().describe('`nextCursor` of the page before'),
};

export const pageAnswer = {
  nextCursor: z.string().nullable().describe('Null on the last page'),
};

const cursorSchema = z.tuple([z.number(), z.string()]);

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** @throws VitalsError `invalid` when the cursor is none of ours */
export function pageOf<Item>(
  items: Iterable<Item>,
  placeOf: (item: Item) => Place,
  { limit, cursor }: PageRequest,
  textOrder: TextOrder = 'ascending',
): { items: Item[]; nextCursor: string | null } {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const compare = textOrder === 'ascending' ? compareAscending : compareDescending;
  const placed = Array.from(items, (item) => ({ item, place: placeOf(item) }))
    .filter(({ place }) => after === undefined || compare(after, place) < 0)
    .sort((a, b) => compare(a.place, b.place));
  const page = placed.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    nextCursor: placed.length > limit && last ? writeCursor(last.place) : null,
  };
}

function compareAscending([value, text]: Place, [otherValue, otherText]: Place): number {
  if (value !== otherValue) return otherValue - value;
  return text < otherText ? -1 : text > otherText ? 1 : 0;
}

function compareDescending([value, text]: Place, [otherValue, otherText]: Place): number {
  return compareAscending([value, otherText], [otherValue, text]);
}

function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function readCursor(cursor: string): Place {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new VitalsError('invalid', 'The cursor is none of this list', { cause: error });
  }
}
