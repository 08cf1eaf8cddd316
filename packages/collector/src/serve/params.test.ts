import { describe, expect, it } from 'vitest';
import { parseTime, parseTimeRange } from './params.ts';

describe('parseTime', () => {
  it.each([
    ['2025-10-31T13:00:00Z', '2025-10-31T13:00:00.000Z'],
    ['2025-10-31T13:00:00.123456Z', '2025-10-31T13:00:00.123Z'],
    ['2025-10-31T13:00:00+02:00', '2025-10-31T11:00:00.000Z'],
    ['2025-10-31T13:00:00', '2025-10-31T13:00:00.000Z'],
    ['2025-10-31 13:00', '2025-10-31T13:00:00.000Z'],
    ['2025-10-31', '2025-10-31T00:00:00.000Z'],
  ])('reads %s in UTC, whatever the zone of the machine', (text, iso) => {
    expect(new Date(parseTime('startTime', text)).toISOString()).toBe(iso);
  });

  it.each(['', 'now', '31.10.2025', '2025-13-01', '2025-10-31T25:00:00Z', '1761915600000', '+275761-01-01T00:00:00Z'])(
    'refuses %j',
    (text) => {
      expect(() => parseTime('endTime', text)).toThrow(/^endTime is not a time: "/);
    },
  );
});

describe('parseTimeRange', () => {
  it('lets a range be empty but not negative', () => {
    expect(parseTimeRange('2025-10-31', '2025-10-31')).toEqual({ fromMs: 1761868800000, toMs: 1761868800000 });
    expect(() => parseTimeRange('2025-11-01', '2025-10-31')).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});
