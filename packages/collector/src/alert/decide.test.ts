/** Every reason that `decide` can name, and its edges. */
import { describe, expect, it } from 'vitest';
import type { Breach } from './breach.ts';
import { decide, isSuppressed, MAX_OPEN_ALERTS, type Situation } from './decide.ts';
import { transition } from './state.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2025-10-31T13:00:00Z');
const SETTINGS = { dedupMinutes: 60, alertsPerServerPerHour: 5 };
const QUIET: Situation = { open: undefined, resolvedAtMs: undefined, raisedAtMs: [], openAlerts: 0 };

const breach = (severity: Breach['severity'] = 'warning'): Breach => ({
  fingerprint: 'f',
  server: 's',
  tool: 't',
  severity,
  condition: 'error_rate > 1%',
  currentValue: 2,
  threshold: 1,
});

const life = {
  pendingMinutes: 0,
  escalateMinutes: 60,
  autoResolveHours: 24,
  resolveClearMinutes: 0,
};
const open = transition(undefined, { kind: 'raise', alertId: 'a', breach: breach() }, NOW - 5 * MINUTE, life).alert!;
const verdict = (situation: Partial<Situation>, severity?: Breach['severity'], now = NOW) =>
  decide(breach(severity), { ...QUIET, ...situation }, now, SETTINGS);

describe('with an open alert', () => {
  it.each([
    ['ongoing', open, 'warning'],
    ['worsened', open, 'critical'],
    ['returned', { ...open, clearedAtMs: NOW - MINUTE }, 'warning'],
    ['ongoing', { ...open, severity: 'critical' as const }, 'warning'],
  ] as const)('%s', (expected, alert, severity) => {
    // Limits are for new alerts: what is open is told on.
    expect(verdict({ open: alert, raisedAtMs: Array(9).fill(NOW), openAlerts: MAX_OPEN_ALERTS }, severity)).toBe(
      expected,
    );
  });
});

describe('without one', () => {
  it('raises', () => {
    expect(verdict({})).toBe('raise');
  });

  it('takes one that returns soon after it was resolved for a duplicate', () => {
    expect(verdict({ resolvedAtMs: NOW - 60 * MINUTE + 1 })).toBe('duplicate');
    expect(verdict({ resolvedAtMs: NOW - 60 * MINUTE })).toBe('raise');
  });

  it('limits alerts by server and hour', () => {
    const lastHour = [59, 50, 40, 30].map((minutes) => NOW - minutes * MINUTE);
    expect(verdict({ raisedAtMs: [...lastHour, NOW - 60 * MINUTE] })).toBe('raise');
    expect(verdict({ raisedAtMs: [...lastHour, NOW] })).toBe('rate_limited');
  });

  it('limits alerts altogether', () => {
    expect(verdict({ openAlerts: MAX_OPEN_ALERTS })).toBe('too_many');
  });

  it('is not silenced by times ahead of a clock that went back', () => {
    const ahead = NOW + 24 * 60 * MINUTE;
    expect(verdict({ resolvedAtMs: ahead, raisedAtMs: Array(9).fill(ahead) })).toBe('raise');
  });
});

it('calls suppressed what becomes no alert', () => {
  const verdicts = ['raise', 'returned', 'worsened', 'ongoing', 'duplicate', 'rate_limited', 'too_many'] as const;
  expect(verdicts.filter(isSuppressed)).toEqual(['duplicate', 'rate_limited', 'too_many']);
});
