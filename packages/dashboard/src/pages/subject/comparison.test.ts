import { describe, expect, it, vi } from 'vitest';
import { shiftOf } from './comparison.ts';

const DAY_MS = 86_400_000;
const hours = (count: number) => ({ kind: 'newest', minutes: 60 * count }) as const;

describe('what a span is compared with', () => {
  it('is the same time of an earlier day or week, and never overlaps it', () => {
    expect(shiftOf('yesterday', hours(6), undefined)).toBe(DAY_MS);
    expect(shiftOf('yesterday', hours(30 * 24), undefined)).toBe(30 * DAY_MS);
    expect(shiftOf('week', hours(6), undefined)).toBe(7 * DAY_MS);
    expect(shiftOf('week', hours(8 * 24), undefined)).toBe(14 * DAY_MS);
  });

  it('ends with the new version, and is the same for a minute', () => {
    vi.useFakeTimers({ now: Date.parse('2026-05-12T12:00:20Z') });
    const first = shiftOf('deploy', hours(1), '2026-05-12T10:00:00Z');
    vi.setSystemTime(Date.parse('2026-05-12T12:00:59Z'));
    expect(shiftOf('deploy', hours(1), '2026-05-12T10:00:00Z')).toBe(first);
    expect(first).toBe(121 * 60_000);
    vi.useRealTimers();
  });

  it('is nothing without a choice, without a version, or before it', () => {
    expect(shiftOf('', hours(6), '2026-05-12T10:00:00Z')).toBeUndefined();
    expect(shiftOf('deploy', hours(6), undefined)).toBeUndefined();
    expect(shiftOf('deploy', { kind: 'fixed', fromMs: 0, toMs: 1000 }, '2026-05-12T10:00:00Z')).toBeUndefined();
    expect(shiftOf('__proto__', hours(6), undefined)).toBeUndefined();
  });
});
