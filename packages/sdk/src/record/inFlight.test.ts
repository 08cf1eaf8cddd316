import { describe, expect, it } from 'vitest';
import { createServer, Series } from '../window/series.ts';
import { InFlightTable } from './inFlight.ts';

const series = new Series(createServer('server', '1'), 'tool', 'tool');

describe('waiting', () => {
  it('counts questions that overlap once, and one that is still open until now', () => {
    const table = new InFlightTable();
    const slot = table.start(series, 0);
    const first = table.wait(slot, 10);
    const second = table.wait(slot, 20);
    first.end(30);
    expect(table.waitedMs(slot, 35)).toBe(25);
    second.end(40);
    expect(table.waitedMs(slot, 100)).toBe(30);
    table.wait(slot, 100);
    expect(table.waitedMs(slot, 105)).toBe(35);
  });

  it('of a call that has ended is nothing to the next one in its slot', () => {
    const table = new InFlightTable();
    const slot = table.start(series, 0);
    const late = table.wait(slot, 0);
    table.end(slot, 50);
    expect(table.start(series, 50)).toBe(slot);
    late.end(70);
    expect(table.waitedMs(slot, 80)).toBe(0);
    const own = table.wait(slot, 80);
    late.end(90);
    own.end(100);
    expect(table.waitedMs(slot, 100)).toBe(20);
  });
});

describe('slotsOf', () => {
  it('finds the calls of one server object, however many there are', () => {
    const table = new InFlightTable();
    const [one, other] = [{}, {}];
    const slots = Array.from({ length: 300 }, (_, index) => table.start(series, 0, index % 2 ? one : other, index));
    table.end(slots[1]!, 0);
    expect(table.slotsOf(one)).toHaveLength(149);
    expect(table.slotsOf(one).map((slot) => table.extraOf(slot))).toContain(299);
    expect(table.slotsOf({})).toEqual([]);
  });
});
