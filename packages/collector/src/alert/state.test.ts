/**
 * The life of an alert: any sequence of events, time running on or jumping back, against a model that knows only
 * flags, and the neighbours of every deadline.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../model/alert.ts';
import type { Breach } from './breach.ts';
import { type AlertEvent, transition } from './state.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2025-10-31T13:00:00Z');
const SETTINGS = { escalateMinutes: 60, autoResolveHours: 24 };

const breach = (severity: Breach['severity'], currentValue = severity === 'critical' ? 9 : 2): Breach => ({
  fingerprint: '["s","t","error_rate"]',
  server: 's',
  tool: 't',
  severity,
  condition: severity === 'critical' ? 'error_rate > 5%' : 'error_rate > 1%',
  currentValue,
  threshold: severity === 'critical' ? 5 : 1,
});

const raise = (severity: Breach['severity'] = 'warning'): AlertEvent => ({
  kind: 'raise',
  alertId: 'alert-20251031-001',
  breach: breach(severity),
});
const hold = (severity: Breach['severity'] = 'warning'): AlertEvent => ({ kind: 'hold', breach: breach(severity) });
const acknowledge: AlertEvent = { kind: 'acknowledge', by: 'ann', notes: undefined };
const clear: AlertEvent = { kind: 'clear' };
const time: AlertEvent = { kind: 'time' };

/** Applies events at minutes after the start; returns the alert and the changes of the last one. */
function after(...events: [minute: number, event: AlertEvent][]) {
  let alert: Alert | undefined;
  let changes: string[] = [];
  for (const [minute, event] of events) {
    ({ alert, changes } = transition(alert, event, START + minute * MINUTE, SETTINGS));
  }
  return { alert: alert!, changes };
}

describe('deadlines', () => {
  it('escalates after an hour without acknowledgement, once', () => {
    expect(after([0, raise()], [59.99, time]).changes).toEqual([]);
    expect(after([0, raise()], [60, time])).toMatchObject({ alert: { status: 'escalated' }, changes: ['escalated'] });
    expect(after([0, raise()], [60, time], [61, time]).changes).toEqual([]);
  });

  it('does not escalate what was acknowledged', () => {
    expect(after([0, raise()], [59, acknowledge], [600, time]).alert.status).toBe('acknowledged');
  });

  it.each([[[]], [[[1, acknowledge]]], [[[60, time]]]] as [[number, AlertEvent][]][])(
    'resolves 24 hours after the condition cleared, whatever the status (%#)',
    (before) => {
      const day = 24 * 60;
      expect(after([0, raise()], ...before, [70, clear], [70 + day - 0.01, time]).alert.status).not.toBe('resolved');
      expect(after([0, raise()], ...before, [70, clear], [70 + day, time])).toMatchObject({
        alert: { status: 'resolved', resolvedAtMs: START + (70 + day) * MINUTE },
        changes: ['resolved'],
      });
    },
  );

  it('starts to wait anew when the condition returns', () => {
    const back = after([0, raise()], [10, clear], [20, hold()], [10 + 24 * 60, time]);
    expect(back.alert).toMatchObject({ clearedAtMs: null, repeats: 1, resolvedAtMs: null });
  });
});

describe('severity', () => {
  it('rises in place, and then shows the worse value', () => {
    const { alert, changes } = after([0, raise()], [5, acknowledge], [6, hold('critical')]);
    expect(changes).toEqual(['severity_raised']);
    expect(alert).toMatchObject({
      status: 'acknowledged',
      severity: 'critical',
      condition: 'error_rate > 5%',
      currentValue: 9,
    });
  });

  it('does not fall', () => {
    const { alert } = after([0, raise('critical')], [6, hold('warning')]);
    expect(alert).toMatchObject({
      severity: 'critical',
      condition: 'error_rate > 5%',
      currentValue: 9,
      threshold: 5,
      repeats: 1,
    });
  });
});

describe('acknowledging', () => {
  it('again with the same words changes nothing', () => {
    const once = after([0, raise()], [1, { ...acknowledge, notes: 'looking' }]);
    const twice = after([0, raise()], [1, { ...acknowledge, notes: 'looking' }], [9, acknowledge]);
    expect(twice).toEqual({ alert: once.alert, changes: [] });
  });

  it('by someone else hands over, and keeps the notes', () => {
    const { alert } = after([0, raise()], [1, { ...acknowledge, notes: 'looking' }], [9, { ...acknowledge, by: 'bo' }]);
    expect(alert).toMatchObject({ acknowledgedBy: 'bo', acknowledgedAtMs: START + 9 * MINUTE, notes: 'looking' });
  });
});

it('an event without an alert makes none, unless it raises one', () => {
  for (const event of [hold(), clear, acknowledge, time]) {
    expect(transition(undefined, event, START, SETTINGS)).toEqual({ alert: undefined, changes: [] });
  }
  expect(after([0, raise()]).changes).toEqual(['created']);
});

/** The least that one must remember to say what an alert is. */
interface Model {
  acknowledged: boolean;
  escalated: boolean;
  resolved: boolean;
  critical: boolean;
  clearedAt: number | undefined;
}

const EVENTS: { event: AlertEvent; change(model: Model, sinceRaised: number, now: number): void }[] = [
  {
    event: hold('warning'),
    change: (model) => {
      model.clearedAt = undefined;
    },
  },
  {
    event: hold('critical'),
    change: (model) => {
      model.clearedAt = undefined;
      model.critical = true;
    },
  },
  {
    event: clear,
    change: (model, _since, now) => {
      model.clearedAt ??= now;
    },
  },
  {
    event: acknowledge,
    change: (model) => {
      model.acknowledged = true;
    },
  },
  {
    event: time,
    change: (model, sinceRaised, now) => {
      if (model.clearedAt !== undefined && now - model.clearedAt >= 24 * HOUR) model.resolved = true;
      else if (!model.acknowledged && sinceRaised >= HOUR) model.escalated = true;
    },
  },
];

it('follows the model through any sequence of events, with a clock that may go back', () => {
  const step = fc.record({ which: fc.constantFrom(...EVENTS), minutes: fc.integer({ min: -120, max: 1500 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const model: Model = {
        acknowledged: false,
        escalated: false,
        resolved: false,
        critical: false,
        clearedAt: undefined,
      };
      let { alert } = transition(undefined, raise(), START, SETTINGS);
      let now = START;
      for (const { which, minutes } of steps) {
        now += minutes * MINUTE;
        const before = alert!;
        const next = transition(alert, which.event, now, SETTINGS);
        if (!model.resolved) which.change(model, now - START, now);
        alert = next.alert!;
        const unresolved = model.acknowledged ? 'acknowledged' : model.escalated ? 'escalated' : 'active';
        expect(alert.status).toBe(model.resolved ? 'resolved' : unresolved);
        expect(alert.severity).toBe(model.critical ? 'critical' : 'warning');
        expect(alert.clearedAtMs).toBe(model.clearedAt ?? null);
        // Nothing is announced that did not happen, and nothing happens unannounced.
        expect(next.changes.length === 0).toBe(JSON.stringify(before) === JSON.stringify(alert));
      }
    }),
  );
});
