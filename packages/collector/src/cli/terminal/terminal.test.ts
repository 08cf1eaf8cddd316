import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, sparkline } from './bars.ts';
import { age, bytes, clockTime, count, duration, measured, percent, plainNumber, rate } from './figures.ts';
import { jsonText } from './output.ts';
import { createProgress, progressLine, showsProgress } from './progress.ts';
import { saidOfMany } from './saidOfMany.ts';
import { hasColours, painterFor, plain } from './style.ts';
import { type Column, tableLines } from './table.ts';
import { columnsOf, cutTo, fitTo, shownName } from './width.ts';

/** Names as nobody would give them, and as some do. */
const ODD = ['日', '本', '🎉', '👩', '\u200d', 'e', '\u0301', '\u200f', '\x1b', '[', '3', 'm', '\u009b', ' ', '\ufe0f'];
const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...ODD), maxLength: 40 }),
);
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/u;

describe('what is said of several', () => {
  const says = (words: string) => (server: string) => ({ server, words });

  it('is one line for all of them, with three named', () => {
    const few = ['a', 'b\x1b[31m'].map(says('Too few calls.'));
    const many = ['c', 'd', 'e', 'f', 'g'].map(says('No sizes.'));
    expect(saidOfMany([many[0]!, ...few, ...many.slice(1)])).toEqual([
      'c, d, e and 2 more: No sizes.',
      `a, ${shownName('b\x1b[31m')}: Too few calls.`,
    ]);
    expect(saidOfMany([])).toEqual([]);
  });
});

describe('colours', () => {
  const tty = { isTTY: true };
  it.each([
    [tty, {}, true],
    [{}, {}, false],
    [tty, { NO_COLOR: '1' }, false],
    [tty, { NO_COLOR: '' }, true],
    [tty, { TERM: 'dumb' }, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [tty, { FORCE_COLOR: '0' }, false],
    [{}, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('of %j with %j: %s', (output, env, expected) => {
    expect(hasColours(output, env)).toBe(expected);
    expect(painterFor(output, env)('red', 'x')).toBe(expected ? '\x1b[31mx\x1b[39m' : 'x');
  });
});

describe('widths', () => {
  it('counts what a terminal shows', () => {
    expect(['abc', '日本', '🎉', 'e\u0301', '❤\uFE0F', ''].map(columnsOf)).toEqual([3, 4, 2, 1, 2, 0]);
    expect(cutTo('日本語', 4)).toBe('日…');
    expect(fitTo('日本語', 4)).toBe('日… ');
    expect(fitTo('7', 3, 'right')).toBe('  7');
  });

  it('cuts and fills to the column, whatever the name', () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 0, max: 50 }), (name, columns) => {
        const shown = shownName(name);
        expect(shown).not.toMatch(UNSEEN);
        expect(columnsOf(cutTo(shown, columns))).toBeLessThanOrEqual(columns);
        expect(columnsOf(fitTo(shown, columns, 'right'))).toBe(columns);
      }),
    );
  });
});

describe('figures', () => {
  it('have about three digits and a unit', () => {
    expect([0.312, 6.6, 45.04, 812.4, 999.6, 1_234, 61_000, 999_600, 7_200_000, 720_000_000].map(duration)).toEqual([
      ...['0.31 ms', '6.60 ms', '45.0 ms', '812 ms', '1.00 s', '1.23 s', '61.0 s', '16.7 min', '2.00 h', '200 h'],
    ]);
    expect([0, 0.001, 0.04, 0.3, 7.07, 99.97, 100].map(percent)).toEqual([
      ...['0 %', '<0.01 %', '0.04 %', '0.3 %', '7.1 %', '100 %', '100 %'],
    ]);
    expect([0, 12_345, 1_234_567, 5e9, 7.5e12].map(count)).toEqual(['0', '12,345', '1.23 M', '5.00 G', '7.50 T']);
    expect([0.5, 41.64, 1234.4].map(rate)).toEqual(['0.5', '41.6', '1,234']);
    expect([0, 99_000, 120_000, 8e6, 3e8].map(age)).toEqual(['0 s', '99 s', '2 min', '2 h', '3 d']);
    expect([812, 1_500, 2.5e6, 7e9].map(bytes)).toEqual(['812 B', '1.50 kB', '2.50 MB', '7.00 GB']);
    expect([0, -2.5, 0.00123, 4_321, 1e20].map(plainNumber)).toEqual(['0', '-2.5', '0.00123', '4,321', '1.00e+20']);
    expect(measured(1016, 'response_time > 1000ms')).toBe('1.02 s');
    expect(measured(11.1, 'error_rate > 5%')).toBe('11.1 %');
    expect(measured(14.4, 'burn rate of checkout')).toBe('14.4');
    expect(clockTime('2026-11-21T16:42:07.123Z')).toBe('16:42:07 UTC');
  });

  it('fit the columns of a table', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3e10, noNaN: true }), (value) => {
        expect(duration(value).length).toBeLessThanOrEqual(8);
        expect(count(value).length).toBeLessThanOrEqual(7);
        expect(percent(Math.min(100, value)).length).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe('pictures', () => {
  it('show what is small, and nothing where there is nothing', () => {
    expect(sparkline([0, 1, 50, 100, null], 5)).toBe(' ▁▄█ ');
    expect(sparkline([2, 2, 4, 4, 8, 8], 3)).toBe('▂▄█');
    expect(sparkline([], 5)).toBe('');
    expect(bar(0.5, 4)).toBe('██');
    expect(bar(1e-9, 4)).toBe('▏');
    expect(bar(0, 4)).toBe('');
  });

  it('are never wider than they may be', () => {
    const values = fc.array(fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })), { maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 90 }), (points, columns) => {
        expect(columnsOf(sparkline(points, columns))).toBe(Math.min(columns, points.length));
        expect(columnsOf(bar((points[0] ?? 0) / 1e9, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe('tables', () => {
  const columns: Column<string>[] = [
    { title: 'NAME', min: 6, max: 40, priority: 0, cell: shownName },
    { title: 'LENGTH', align: 'right', min: 6, priority: 1, cell: ({ length }) => String(length) },
    { title: '', min: 4, max: 10, priority: 2, isPicture: true, cell: (_, width) => '#'.repeat(width) },
  ];

  it('drop what is less important, and use the room that there is', () => {
    const at = (available: number | undefined) => tableLines(columns, ['a', 'long name'], { available, paint: plain });
    expect(at(30)).toEqual(['NAME       LENGTH', 'a               1  ##########', 'long name       9  ##########']);
    expect(at(15)).toEqual(['NAME     LENGTH', 'a             1', 'long n…       9']);
    expect(at(8)).toEqual(['NAME', 'a', 'long na…']);
    expect(at(undefined)[2]).toBe('long name       9  ##########');
  });

  it('are never wider than they may be', () => {
    fc.assert(
      fc.property(fc.array(anyName, { maxLength: 5 }), fc.integer({ min: 1, max: 90 }), (rows, available) => {
        for (const line of tableLines(columns, rows, { available, paint: plain })) {
          expect(columnsOf(line)).toBeLessThanOrEqual(available);
        }
      }),
    );
  });
});

describe('progress', () => {
  const written: string[] = [];
  const place = (isTTY: boolean, env: NodeJS.ProcessEnv, clock: { nowMs: number }) => ({
    stream: { isTTY, columns: 60, write: (text: string) => written.push(text) > 0 } as never,
    env,
    clock: { monotonicMs: () => clock.nowMs },
  });

  it('says how much, how fast, and for how long still', () => {
    expect(progressLine('rows', { done: 5, total: 10, counted: 1_200 }, 4_000)).toBe(
      '[############............]  50 %  1,200 rows  300/s  4 s left',
    );
    expect(progressLine('rows', { done: 1_200 }, 4_000)).toBe('1,200 rows  300/s  4.00 s');
    expect(progressLine('files', { done: 0, total: 0 }, 0)).toBe('[########################] 100 %  0 files');
    expect(progressLine('done', { done: 1, total: 4, doing: 'scale' }, 60_000)).toMatch(/3 min left {2}scale$/);
  });

  it('draws ten times a second at most, and takes the line away', () => {
    const clock = { nowMs: 0 };
    const progress = createProgress('rows', place(true, {}, clock));
    for (; clock.nowMs < 1_000; clock.nowMs += 10) progress.update({ done: clock.nowMs });
    progress.end();
    expect(written.length).toBe(11);
    expect(written[1]).toBe('\r100 rows  1,000/s  100 ms\x1b[K');
    expect(written.at(-1)).toBe('\r\x1b[K');
  });

  it('is nothing on a pipe and in CI', () => {
    const clock = { nowMs: 0 };
    written.length = 0;
    for (const there of [place(false, {}, clock), place(true, { CI: 'true' }, clock)]) {
      expect(showsProgress(there)).toBe(false);
      const progress = createProgress('rows', there);
      progress.update({ done: 1 });
      progress.end();
    }
    expect(written).toEqual([]);
  });
});

describe('JSON', () => {
  it('is the same to who parses it, and nothing to a terminal', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const text = jsonText({ name });
        expect(JSON.parse(text)).toEqual({ name });
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
