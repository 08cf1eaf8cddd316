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
const SETTINGS = { pendingMinutes: 0, escalateMinutes: 60, autoResolveHours: 24, resolveClearMinutes: 0 };

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

  it('does not escalate what is over, before it returns', () => {
    expect(after([0, raise()], [59, clear], [60, time]).changes).toEqual([]);
    expect(after([0, raise()], [59, clear], [70, hold()], [70, time]).changes).toEqual(['escalated']);
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

describe('pending', () => {
  const settings = { ...SETTINGS, pendingMinutes: 5 };
  const at = (minute: number) => START + minute * MINUTE;
  const pending = transition(undefined, raise(), START, settings).alert!;

  it('becomes active when the condition held for long enough, and is escalated an hour after that', () => {
    expect(pending.status).toBe('pending');
    expect(transition(pending, time, at(4.99), settings).changes).toEqual([]);
    const { alert, changes } = transition(pending, time, at(5), settings);
    expect([alert!.status, changes]).toEqual(['active', ['created']]);
    expect(transition(alert, time, at(64.99), settings).changes).toEqual([]);
    expect(transition(alert, time, at(65), settings).changes).toEqual(['escalated']);
  });

  it('is dropped when the condition clears before', () => {
    expect(transition(pending, clear, at(4), settings)).toEqual({ alert: undefined, changes: ['dropped'] });
  });

  it('cannot be acknowledged', () => {
    expect(transition(pending, acknowledge, at(1), settings)).toEqual({ alert: pending, changes: [] });
  });

  it('does not wait where the breach has waited already', () => {
    const at0 = transition(
      undefined,
      { ...raise(), breach: { ...breach('warning'), pendingMinutes: 0 } } as AlertEvent,
      START,
      settings,
    );
    expect(at0.alert!.status).toBe('active');
  });
});

it('resolves when it stayed clear for the time that was set, and never later than after 24 hours', () => {
  const cleared = after([0, raise()], [10, clear]).alert;
  const quick = { ...SETTINGS, resolveClearMinutes: 15 };
  expect(transition(cleared, time, START + 24.99 * MINUTE, quick).changes).toEqual([]);
  expect(transition(cleared, time, START + 25 * MINUTE, quick).changes).toEqual(['resolved']);
  const slow = { ...SETTINGS, resolveClearMinutes: 3_000 };
  expect(transition(cleared, time, START + 10 * MINUTE + 24 * HOUR, slow).changes).toEqual(['resolved']);
});

it('takes what a person thinks of it at any time, and nothing else once it is resolved', () => {
  const resolved = after([0, raise()], [1, clear], [1 + 24 * 60, time]).alert;
  const judge: AlertEvent = { kind: 'judge', feedback: 'false' };
  const judged = transition(resolved, judge, START, SETTINGS);
  expect(judged).toEqual({ alert: { ...resolved, feedback: 'false' }, changes: ['judged'] });
  expect(transition(judged.alert, judge, START, SETTINGS).changes).toEqual([]);
  for (const event of [hold(), clear, acknowledge, time])
    expect(transition(resolved, event, START, SETTINGS)).toEqual({ alert: resolved, changes: [] });
});

/** The least that one must remember to say what an alert is. */
interface Model {
  nowMs: number;
  settings: typeof SETTINGS;
  state: 'none' | 'pending' | 'open' | 'resolved';
  /** When it became or becomes active. */
  activeMs: number;
  acknowledged: boolean;
  escalated: boolean;
  critical: boolean;
  clearedMs: number | undefined;
  feedback: string | undefined;
}

interface Real {
  alert: Alert | undefined;
}

/** Every command is an event and what it means to the model; a step of time, which may go back, comes before it. */
class Command implements fc.Command<Model, Real> {
  constructor(
    readonly event: AlertEvent,
    readonly minutes: number,
    readonly apply: (model: Model) => void,
  ) {}

  check = () => true;
  toString = () => `${this.minutes} min, ${this.event.kind}`;

  run(model: Model, real: Real): void {
    model.nowMs += this.minutes * MINUTE;
    const { state } = model;
    if (state !== 'resolved' || this.event.kind === 'judge') this.apply(model);
    const before = real.alert;
    const next = transition(before, this.event, model.nowMs, model.settings);
    // A restart between any two events changes nothing: an alert is what its row says.
    real.alert = next.alert && (JSON.parse(JSON.stringify(next.alert)) as Alert);
    expect(statusOf(real.alert)).toBe(expectedStatus(model));
    if (real.alert) {
      expect(real.alert.severity).toBe(model.critical ? 'critical' : 'warning');
      expect(real.alert.clearedAtMs).toBe(model.clearedMs ?? null);
      expect(real.alert.feedback).toBe(model.feedback ?? null);
    }
    // Nothing is announced that did not happen, and nothing happens unannounced.
    expect(next.changes.length === 0).toBe(JSON.stringify(before) === JSON.stringify(next.alert));
  }
}

const statusOf = (alert: Alert | undefined) => alert?.status ?? 'none';

function expectedStatus({ state, acknowledged, escalated }: Model): string {
  if (state !== 'open') return state;
  return acknowledged ? 'acknowledged' : escalated ? 'escalated' : 'active';
}

function sees(severity: Breach['severity']): (model: Model) => void {
  return (model) => {
    if (model.state === 'none') return;
    model.clearedMs = undefined;
    if (severity === 'critical') model.critical = true;
  };
}

function raises(severity: Breach['severity']): (model: Model) => void {
  return (model) => {
    if (model.state !== 'none') return sees(severity)(model);
    const { pendingMinutes } = model.settings;
    Object.assign(model, {
      state: pendingMinutes > 0 ? 'pending' : 'open',
      activeMs: model.nowMs + pendingMinutes * MINUTE,
      critical: severity === 'critical',
      acknowledged: false,
      escalated: false,
      clearedMs: undefined,
      feedback: undefined,
    });
  };
}

function clears(model: Model): void {
  if (model.state === 'pending') model.state = 'none';
  else if (model.state === 'open') model.clearedMs ??= model.nowMs;
}

function acknowledges(model: Model): void {
  if (model.state === 'open') model.acknowledged = true;
}

function passes(model: Model): void {
  const { nowMs, settings, clearedMs } = model;
  const { escalateMinutes, autoResolveHours, resolveClearMinutes } = settings;
  const quickMs = resolveClearMinutes > 0 ? resolveClearMinutes * MINUTE : Number.POSITIVE_INFINITY;
  if (model.state === 'pending' && nowMs >= model.activeMs) Object.assign(model, { state: 'open', activeMs: nowMs });
  else if (model.state === 'open') {
    if (clearedMs !== undefined && nowMs - clearedMs >= Math.min(quickMs, autoResolveHours * HOUR))
      model.state = 'resolved';
    else if (clearedMs === undefined && !model.acknowledged && nowMs - model.activeMs >= escalateMinutes * MINUTE)
      model.escalated = true;
  }
}

const EVENTS: [AlertEvent, (model: Model) => void][] = [
  [raise('warning'), raises('warning')],
  [raise('critical'), raises('critical')],
  [hold('warning'), sees('warning')],
  [hold('critical'), sees('critical')],
  [clear, clears],
  [acknowledge, acknowledges],
  [time, passes],
  ...(['useful', 'false'] as const).map((feedback): [AlertEvent, (model: Model) => void] => [
    { kind: 'judge', feedback },
    (model) => {
      if (model.state !== 'none') model.feedback = feedback;
    },
  ]),
];

it('follows the model through any sequence of events, with a clock that may go back and a restart anywhere', () => {
  const commands = EVENTS.map(([event, apply]) =>
    fc.integer({ min: -120, max: 1500 }).map((minutes) => new Command(event, minutes, apply)),
  );
  const settings = fc.record({
    pendingMinutes: fc.constantFrom(0, 5),
    escalateMinutes: fc.constant(60),
    autoResolveHours: fc.constant(24),
    resolveClearMinutes: fc.constantFrom(0, 15, 3_000),
  });
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 40 }), settings, (sequence, chosen) => {
      fc.modelRun(
        (): { model: Model; real: Real } => ({
          model: {
            nowMs: START,
            settings: chosen,
            state: 'none',
            activeMs: 0,
            acknowledged: false,
            escalated: false,
            critical: false,
            clearedMs: undefined,
            feedback: undefined,
          },
          real: { alert: undefined },
        }),
        sequence,
      );
    }),
    { numRuns: 500 },
  );
});
