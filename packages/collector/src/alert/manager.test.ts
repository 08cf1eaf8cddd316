/** The alert manager on a real store: what raises an alert, what does not, and any order of events with restarts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Digest } from '@mcp-vitals/sketch';
import type { Batch, ResourceSample } from '@mcp-vitals/wire/decode';
import { encodeBatch } from '@mcp-vitals/wire/encode';
import fc from 'fast-check';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { type Config, type ConfigInput, configSchema } from '../config/schema.ts';
import type { Alert } from '../model/alert.ts';
import type { Anomaly } from '../model/anomaly.ts';
import { storedName } from '../store/names.ts';
import { openSqliteStore } from '../store/sqlite/sqliteStore.ts';
import type { Store } from '../store/store.ts';
import { testAnomaly } from '../testing/filledStore.ts';
import { type AlertManager, type AlertNotifier, createAlertManager } from './manager.ts';
import type { FailingChannel, FailingDestination } from './ownConditions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2025-10-31T13:00:30Z');

/** A collector reduced to its store and its alerts, with a clock that is moved by hand. */
class World {
  nowMs = START;
  readonly clock = {
    nowMs: () => this.nowMs,
    monotonicMs: () => this.#monotonicMs,
    every: () => () => undefined,
    after: () => () => undefined,
  };
  readonly news: string[] = [];
  /** What people were told, in order. */
  readonly told: unknown[] = [];
  readonly failing: FailingChannel[] = [];
  readonly failingDestinations: FailingDestination[] = [];
  readonly notifier: AlertNotifier = {
    notificationsOf: (change, alert) =>
      ['created', 'escalated', 'returned', 'cleared', 'severity_raised'].includes(change)
        ? [{ key: `${alert.alertId}-${change}-${alert.repeats}`, value: `${change} ${alert.tool || alert.server}` }]
        : [],
    digestOf: (message) => [{ key: `digest-${message.toMs}`, value: message }],
    deliver: (items) => this.told.push(...items.map(({ value }) => value)),
    failing: () => this.failing,
  };
  readonly warnings: unknown[] = [];
  store!: Store;
  alerts!: AlertManager;
  #monotonicMs = 0;
  #seq = 0;
  readonly #config: Config;

  private constructor(settings: Partial<ConfigInput>) {
    const dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-alerts-'));
    this.#config = configSchema.parse({ dataDir, ...settings });
  }

  static async open(settings: Partial<ConfigInput> = {}): Promise<World> {
    const world = new World(settings);
    await world.start();
    return world;
  }

  async start(): Promise<void> {
    const { clock } = this;
    const config = this.#config;
    this.store = await openSqliteStore({ dataDir: config.dataDir, config, clock, ballastBytes: 0 });
    const logger = { warn: (context: unknown) => this.warnings.push(context) };
    this.alerts = createAlertManager({
      notifier: this.notifier,
      failingDestinations: () => this.failingDestinations,
      store: this.store,
      clock,
      config,
      detectionIntervalMs: 5 * 60_000,
      logger,
      storedName: (name) => storedName(name, config.ingest.maxNameLength),
    });
    this.alerts.onChange((news) => this.news.push(news.kind === 'alert' ? news.change : 'threshold'));
    await this.alerts.load();
  }

  async stop(): Promise<void> {
    await this.alerts.settled();
    await this.store.close();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async destroy(): Promise<void> {
    await this.stop();
    rmSync(this.#config.dataDir, { recursive: true });
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    this.#monotonicMs += Math.max(0, ms);
    await this.alerts.tick();
  }

  /** Calls that just ended, stored and observed as ingest does. */
  async calls(n: number, given: { tool?: string; server?: string; meanMs?: number; errors?: number }): Promise<void> {
    const { tool = 'pay', server = 'shop', meanMs = 10, errors = 0 } = given;
    await this.#receive(server, {
      windows: [
        {
          server: 0,
          kind: 'tool',
          name: tool,
          startMs: this.nowMs,
          endMs: this.nowMs,
          outcomes: [n - errors, errors, 0, 0, 0, 0, 0],
          digest: Digest.ofSorted(new Float64Array(n).fill(meanMs)),
        },
      ],
    });
  }

  async resources(samples: ResourceSample[]): Promise<void> {
    await this.#receive('shop', { resources: samples });
  }

  async #receive(server: string, content: Partial<Pick<Batch, 'windows' | 'resources'>>): Promise<void> {
    this.#seq += 1;
    const process = { host: 'h', pid: 1, runtime: 'node', sdk: 'test' };
    const servers = [{ name: server, version: '1' }];
    const rest = { windows: [], resources: [], inFlight: [], dropped: {}, ...content };
    const batch: Batch = { v: 1, instance: 'i', seq: this.#seq, process, servers, ...rest };
    await this.store.append({ batch, body: encodeBatch(batch), receivedAtMs: this.nowMs, skewMs: 0 });
    this.alerts.observe(batch, 0);
    await this.alerts.settled();
  }
}

let world: World;
afterEach(() => world.destroy());

const active = (): Promise<Alert[]> => world.alerts.active({});

describe('a threshold', () => {
  it('raises an alert as soon as the batch is stored, with what the store measures', async () => {
    world = await World.open();
    await world.calls(19, { meanMs: 100 });
    await world.calls(2, { meanMs: 700 });
    expect(await active()).toMatchObject([
      {
        alertId: 'alert-20251031-001',
        server: 'shop',
        tool: 'pay',
        severity: 'warning',
        condition: 'response_time > 500ms',
        currentValue: 700,
        threshold: 500,
        status: 'active',
      },
    ]);
    expect(await world.store.readAlerts({})).toEqual(await active());
  });

  it('has its own alert for each metric', async () => {
    world = await World.open();
    await world.calls(20, { meanMs: 2000, errors: 4 });
    const shown = (await active()).map(({ condition, currentValue }) => `${condition}: ${currentValue}`).sort();
    expect(shown).toEqual(['error_rate > 5%: 20', 'response_time > 1000ms: 2000']);
  });

  it('of cpu and memory concerns the whole server', async () => {
    world = await World.open();
    const sample = { cpuPercent: 80, memoryMb: 900, memoryPercent: 95, diskIoKb: 0, eventLoopDelayMs: 0 };
    await world.resources([
      { ...sample, atMs: START - MINUTE },
      { ...sample, atMs: START },
    ]);
    const shown = (await active()).map(({ tool, condition, severity }) => [tool, condition, severity]).sort();
    expect(shown).toEqual([
      ['', 'cpu > 70%', 'warning'],
      ['', 'memory > 90%', 'critical'],
    ]);
  });

  it('says nothing when disabled, and everything that was set survives a restart', async () => {
    world = await World.open();
    const scope = { server: 'shop', tool: undefined, metric: 'error_rate', severity: 'critical' } as const;
    const saved = await world.alerts.setThreshold({ ...scope, threshold: 30, enabled: true });
    await world.alerts.setThreshold({ ...scope, severity: 'warning', threshold: 1, enabled: false });
    await world.restart();
    await world.calls(20, { errors: 5 });
    expect(await active()).toEqual([]);
    await world.calls(20, { errors: 15 });
    expect(await active()).toMatchObject([{ severity: 'critical', threshold: 30, currentValue: 50 }]);
    expect(await world.store.listThresholds()).toContainEqual(saved);
    expect(world.news[0]).toBe('threshold');
  });
});

describe('suppression', () => {
  it('keeps to five new alerts per server and hour, and raises the rest when there is room', async () => {
    world = await World.open();
    for (let i = 0; i < 8; i++) await world.calls(20, { tool: `t${i}`, errors: 10 });
    await world.calls(20, { server: 'other', errors: 10 });
    expect(await active()).toHaveLength(6);
    await world.pass(MINUTE);
    expect(world.alerts.suppressed()).toEqual({ rate_limited: 3 });
    await world.restart();
    await world.calls(20, { tool: 't9', errors: 10 });
    expect(await active()).toHaveLength(6);
    await world.pass(HOUR);
    for (let i = 5; i < 8; i++) await world.calls(20, { tool: `t${i}`, errors: 10 });
    expect(await active()).toHaveLength(9);
  });

  it('raises no second alert within an hour of the resolution, but one when the condition outlasts it', async () => {
    world = await World.open({ notifications: { digestMinutes: 10_000 } });
    await world.calls(20, { errors: 10 });
    await world.pass(10 * MINUTE);
    await world.pass(24 * HOUR);
    expect(world.news.slice(-2)).toEqual(['cleared', 'resolved']);
    await world.calls(20, { errors: 10 });
    expect(await active()).toEqual([]);
    expect(world.alerts.suppressed().duplicate).toBe(1);
    for (let i = 0; i < 20; i++) {
      await world.pass(3 * MINUTE);
      await world.calls(20, { errors: 10 });
    }
    expect(await active()).toMatchObject([{ alertId: 'alert-20251101-001' }]);
    expect(world.alerts.suppressed().duplicate).toBe(1);
  });
});

describe('anomalies', () => {
  const anomaly = (severity: Anomaly['severity'], given: Partial<Anomaly> = {}): Anomaly => ({
    atMs: START - MINUTE,
    server: 'shop',
    tool: 'pay',
    type: 'response_time_spike',
    severity,
    currentValue: 5000,
    expectedRange: '100-500',
    expectedMax: 500,
    deviation: '10x expected',
    confidence: 0.95,
    method: 'z-score',
    recommendations: [],
    ...given,
  });

  it('of severity warning or above become alerts, the worst of each run', async () => {
    world = await World.open();
    const info = anomaly('info', { tool: 'fine' });
    await world.alerts.raiseFromAnomalies([anomaly('warning'), anomaly('critical', { currentValue: 9000 }), info]);
    expect(await active()).toMatchObject([
      {
        severity: 'critical',
        condition: 'response_time_spike detected',
        currentValue: 9000,
        threshold: 500,
        repeats: 0,
      },
    ]);
  });

  it('repeat within one alert, and clear when runs find nothing any more', async () => {
    world = await World.open();
    for (let run = 0; run < 3; run++) {
      await world.alerts.raiseFromAnomalies([anomaly('warning')]);
      await world.pass(5 * MINUTE);
    }
    expect(await active()).toMatchObject([{ repeats: 2, clearedAtMs: null }]);
    await world.pass(6 * MINUTE);
    expect(await active()).toMatchObject([{ clearedAtMs: world.nowMs }]);
  });
});

describe('acknowledging', () => {
  it('is saved, with notes', async () => {
    world = await World.open();
    await world.calls(20, { errors: 10 });
    const [alert] = await active();
    await world.alerts.acknowledge(alert!.alertId, 'ann', 'looking into it');
    expect(await world.store.getAlert(alert!.alertId)).toMatchObject({
      status: 'acknowledged',
      acknowledgedBy: 'ann',
      acknowledgedAtMs: START,
      notes: 'looking into it',
    });
  });

  it('of an alert that is not there, or resolved, is refused', async () => {
    world = await World.open();
    await expect(world.alerts.acknowledge('alert-20251031-999', 'ann', undefined)).rejects.toMatchObject({
      code: 'not_found',
    });
    await world.calls(20, { errors: 10 });
    await world.pass(10 * MINUTE);
    await world.pass(24 * HOUR);
    await expect(world.alerts.acknowledge('alert-20251031-001', 'ann', undefined)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

it('answers by severity, server and status', async () => {
  world = await World.open();
  await world.calls(20, { tool: 'a', errors: 10 });
  await world.calls(100, { tool: 'b', server: '__proto__', errors: 2 });
  await world.alerts.acknowledge('alert-20251031-002', 'ann', undefined);
  const ids = async (filter: Parameters<AlertManager['active']>[0]) =>
    (await world.alerts.active(filter)).map(({ alertId }) => Number(alertId.slice(-3)));
  expect(await ids({})).toEqual([2, 1]);
  expect(await ids({ severity: 'critical' })).toEqual([1]);
  expect(await ids({ server: '__proto__' })).toEqual([2]);
  expect(await ids({ status: 'acknowledged' })).toEqual([2]);
  expect(await ids({ status: 'escalated' })).toEqual([]);
});

it.each(['x'.repeat(10_000), 'a\u0000\n\u202eb', '../../etc', '__proto__'])(
  'names a tool as the store does (%#)',
  async (tool) => {
    world = await World.open();
    await world.calls(20, { tool, server: tool, meanMs: 700 });
    const [series] = await world.store.listSeries({});
    expect(await active()).toMatchObject([{ server: series!.server, tool: series!.name, currentValue: 700 }]);
    await world.alerts.setThreshold({
      server: tool,
      tool,
      metric: 'error_rate',
      severity: 'critical',
      threshold: 40,
      enabled: true,
    });
    await world.calls(100, { tool, server: tool, errors: 30 });
    expect((await world.alerts.active({ server: tool })).map(({ severity }) => severity)).toEqual([
      'warning',
      'warning',
    ]);
  },
);

it('survives a listener that throws', async () => {
  world = await World.open();
  world.alerts.onChange(() => {
    throw new Error('listener');
  });
  await world.calls(20, { errors: 10 });
  expect(await active()).toHaveLength(1);
  expect(world.warnings).toHaveLength(1);
});

describe('any order of events', () => {
  /** What one must know to predict the only alert there can be. */
  interface Model {
    open: { status: string; createdAt: number; clearedAt: number | undefined } | undefined;
    resolvedAt: number | undefined;
    /** First minute at which the counters hold the failing calls no more. */
    heldUntilMinute: number;
    /** Minutes of failing calls, as the store has them: where the clock went back and forth, they are new once more. */
    failedMinutes: Set<number>;
    warmUntil: number;
    /** Like the world's, but it never goes back. */
    monotonic: number;
  }
  const minuteOf = (ms: number): number => Math.floor(ms / MINUTE);
  const isRecent = (atMs: number | undefined, nowMs: number): boolean =>
    atMs !== undefined && atMs <= nowMs && nowMs - atMs < HOUR;

  function breach(model: Model, nowMs: number): void {
    if (model.open) model.open.clearedAt = undefined;
    else if (!isRecent(model.resolvedAt, nowMs))
      model.open = { status: 'active', createdAt: nowMs, clearedAt: undefined };
  }

  function tick(model: Model, nowMs: number): void {
    const minute = minuteOf(nowMs);
    const holds = minute < model.heldUntilMinute;
    const isStored = [...model.failedMinutes].some((failed) => failed <= minute && minute < failed + 5);
    if (holds && (!model.open || model.open.clearedAt !== undefined)) breach(model, nowMs);
    const { open } = model;
    if (open) {
      if (!holds && !isStored && model.monotonic >= model.warmUntil) open.clearedAt ??= nowMs;
      if (open.clearedAt !== undefined && nowMs - open.clearedAt >= 24 * HOUR) {
        model.resolvedAt = nowMs;
        model.open = undefined;
      } else if (open.clearedAt === undefined && open.status === 'active' && nowMs - open.createdAt >= HOUR)
        open.status = 'escalated';
    }
    if (!isRecent(model.resolvedAt, nowMs)) model.resolvedAt = undefined;
  }

  class FailingCalls implements fc.AsyncCommand<Model, World> {
    check = () => true;
    toString = () => 'failing calls';
    async run(model: Model, real: World) {
      await real.calls(20, { errors: 10 });
      model.heldUntilMinute = minuteOf(real.nowMs) + 5;
      model.failedMinutes.add(minuteOf(real.nowMs));
      breach(model, real.nowMs);
      await compare(model, real);
    }
  }

  class Pass implements fc.AsyncCommand<Model, World> {
    constructor(readonly minutes: number) {}
    check = () => true;
    toString = () => `pass ${this.minutes} min`;
    async run(model: Model, real: World) {
      await real.pass(this.minutes * MINUTE);
      model.monotonic += Math.max(0, this.minutes) * MINUTE;
      // Counters of the future are forgotten.
      if (this.minutes < -5) model.heldUntilMinute = 0;
      tick(model, real.nowMs);
      await compare(model, real);
    }
  }

  class Acknowledge implements fc.AsyncCommand<Model, World> {
    check = (model: Readonly<Model>) => model.open !== undefined;
    toString = () => 'acknowledge';
    async run(model: Model, real: World) {
      const [alert] = await real.alerts.active({});
      await real.alerts.acknowledge(alert!.alertId, 'ann', undefined);
      model.open!.status = 'acknowledged';
      await compare(model, real);
    }
  }

  class Restart implements fc.AsyncCommand<Model, World> {
    check = () => true;
    toString = () => 'restart';
    async run(model: Model, real: World) {
      const before = await real.alerts.active({});
      await real.restart();
      model.heldUntilMinute = 0;
      model.warmUntil = model.monotonic + 5 * MINUTE;
      expect((await real.alerts.active({})).map(({ alertId, status }) => [alertId, status])).toEqual(
        before.map(({ alertId, status }) => [alertId, status]),
      );
      await compare(model, real);
    }
  }

  async function compare(model: Model, real: World): Promise<void> {
    const open = (await real.alerts.active({})).map(({ status, createdAtMs, clearedAtMs }) => ({
      status,
      createdAt: createdAtMs,
      clearedAt: clearedAtMs ?? undefined,
    }));
    expect(open).toEqual(model.open ? [model.open] : []);
    const stored = await real.store.readAlerts({ statuses: ['active', 'acknowledged', 'escalated'] });
    expect(stored).toHaveLength(open.length);
  }

  it('ends in the state that the model says, restarts and clock jumps included', async () => {
    world = await World.open();
    const minutes = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(59, 61, 300, 24 * 60, -30, -180));
    const commands = fc.commands(
      [
        fc.constant(new FailingCalls()),
        fc.constant(new FailingCalls()),
        minutes.map((n) => new Pass(n)),
        minutes.map((n) => new Pass(n)),
        fc.constant(new Acknowledge()),
        fc.constant(new Restart()),
        // An hour back, and forth again.
        fc.constantFrom(new Pass(-30), new Pass(61)),
      ],
      { maxCommands: 30 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        const real = await World.open();
        const model = {
          open: undefined,
          resolvedAt: undefined,
          heldUntilMinute: 0,
          failedMinutes: new Set<number>(),
          warmUntil: 5 * MINUTE,
          monotonic: 0,
        };
        try {
          await fc.asyncModelRun(() => ({ model, real }), sequence);
        } finally {
          await real.destroy();
        }
      }),
      { numRuns: 60 * inject('thoroughness') },
    );
  });
});

describe('telling people', () => {
  it('saves what is to be told together with the alert', async () => {
    world = await World.open();
    await world.calls(20, { errors: 10 });
    await world.alerts.settled();
    expect(world.told).toEqual(['created pay']);
    expect(await world.store.readItems('notification')).toMatchObject([{ value: 'created pay' }]);
    expect(await active()).toMatchObject([{ isTold: true }]);
  });

  it('says nothing more once somebody has acknowledged it', async () => {
    world = await World.open();
    await world.calls(20, { errors: 10 });
    const [alert] = await active();
    await world.alerts.acknowledge(alert!.alertId, 'ann', undefined);
    await world.pass(10 * MINUTE);
    expect(world.news).toContain('cleared');
    expect(world.told).toEqual(['created pay']);
  });

  it('holds back what is silenced, and tells how much when the hour is over, a restart in between', async () => {
    world = await World.open();
    const silence = {
      server: 'sh*',
      tool: '*',
      fromMs: 0,
      untilMs: world.nowMs + 30 * MINUTE,
      by: 'ann',
      reason: 'move',
    };
    const { silenceId } = await world.alerts.silence(silence);
    await world.restart();
    expect(await world.alerts.silences()).toEqual([{ ...silence, silenceId }]);
    await world.calls(20, { errors: 10 });
    await world.pass(10 * MINUTE);
    await world.restart();
    expect(world.told).toEqual([]);
    await world.pass(55 * MINUTE);
    // That it is over is not told either: nobody heard that it began.
    expect(world.told).toMatchObject([{ kind: 'digest', servers: [{ server: 'shop', reasons: { silenced: 1 } }] }]);
    expect(await world.alerts.silences()).toEqual([]);
    await world.pass(2 * HOUR);
    expect(world.told).toHaveLength(1);
  });

  it('counts an incident that is not raised once, however many minutes it goes on', async () => {
    world = await World.open({ limits: { alertsPerServerPerHour: 1 } });
    const incident = (tool: string) => testAnomaly({ server: 'shop', tool, method: 'adaptive' });
    for (let i = 0; i < 5; i++) {
      await world.alerts.raiseFromAnomalies([incident('pay'), incident('cart')]);
      await world.pass(MINUTE);
    }
    expect(world.alerts.suppressed()).toEqual({ rate_limited: 1 });
    await world.alerts.raiseFromAnomalies([]);
    await world.pass(MINUTE);
    await world.alerts.raiseFromAnomalies([incident('cart')]);
    expect(world.alerts.suppressed()).toEqual({ rate_limited: 2 });
  });

  it('ends a silence when it is asked to', async () => {
    world = await World.open();
    const input = { server: 'shop', tool: '*', fromMs: 0, untilMs: world.nowMs + HOUR, by: 'ann', reason: '' };
    const { silenceId } = await world.alerts.silence(input);
    await world.alerts.endSilence(silenceId);
    await world.calls(20, { errors: 10 });
    await world.alerts.settled();
    expect(world.told).toEqual(['created pay']);
    await expect(world.alerts.endSilence(silenceId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(world.alerts.silence({ ...input, untilMs: world.nowMs })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('tells of what happened in quiet hours when they are over', async () => {
    const quietHours = [{ from: '13:00', to: '15:00', exceptCritical: false }];
    world = await World.open({ alerts: { quietHours } });
    await world.calls(20, { errors: 10 });
    await world.pass(70 * MINUTE);
    expect(world.told).toEqual([]);
    await world.pass(50 * MINUTE);
    expect(world.told).toMatchObject([{ servers: [{ server: 'shop', reasons: { quiet_hours: 1 } }] }]);
  });

  it('says nothing of a server whose dependency is down', async () => {
    world = await World.open({ alerts: { dependencies: [{ server: 'shop', on: 'bank' }] } });
    await world.calls(20, { server: 'bank', errors: 10 });
    await world.calls(20, { server: 'shop', tool: 'cart', errors: 10 });
    await world.alerts.settled();
    expect(world.told).toEqual(['created pay']);
    expect(world.alerts.suppressed()).toEqual({ dependency_down: 1 });
  });

  it('raises an alert of its own when a channel fails, and ends it when it works again', async () => {
    world = await World.open();
    world.failing.push({ name: 'chat', failures: 4, error: 'it answered 500' });
    await world.pass(MINUTE);
    expect(await active()).toMatchObject([
      { server: 'mcp-vitals', condition: 'channel "chat" fails', evidence: ['The last time: it answered 500.'] },
    ]);
    world.failing.pop();
    await world.pass(MINUTE);
    expect(world.news.at(-1)).toBe('cleared');
  });

  it('raises an alert of its own when nothing could be forwarded for long', async () => {
    world = await World.open();
    world.failingDestinations.push({ name: 'otlp', failingSeconds: 660, error: 'it answered 503' });
    await world.pass(MINUTE);
    const told = {
      condition: 'forwarding (otlp) fails',
      currentValue: 11,
      evidence: ['The last time: it answered 503.'],
    };
    expect(await active()).toMatchObject([{ server: 'mcp-vitals', ...told }]);
    world.failingDestinations.pop();
    await world.pass(MINUTE);
    expect(world.news.at(-1)).toBe('cleared');
  });

  it('raises an alert of its own when its data grow too large', async () => {
    world = await World.open({ alerts: { maxDataMb: 0.001 } });
    await world.pass(MINUTE);
    expect(await active()).toMatchObject([{ condition: 'data size > 0.001 MB' }]);
  });
});

describe('a condition that has to hold for a while', () => {
  it('is no alert when it ends before, and one when it does not, over a restart', async () => {
    world = await World.open({ alerts: { pendingMinutes: 10, evaluationMinutes: 2 } });
    await world.calls(20, { errors: 10 });
    await world.pass(5 * MINUTE);
    expect([world.news, await world.store.readAlerts({})]).toEqual([['pending'], []]);
    for (let i = 0; i < 12; i++) {
      await world.calls(20, { errors: 10 });
      await world.pass(MINUTE);
      if (i === 5) await world.restart();
    }
    expect(await active()).toMatchObject([{ status: 'active' }]);
    expect(world.news).toEqual(['pending', 'pending', 'created']);
  });
});

it('ends a condition only when its value is well below the limit', async () => {
  world = await World.open({ alerts: { hysteresisPercent: 20, evaluationMinutes: 1 } });
  await world.pass(MINUTE);
  await world.calls(100, { errors: 2 });
  await world.alerts.settled();
  world.nowMs += MINUTE;
  await world.calls(1000, { errors: 9 });
  await world.pass(10_000);
  expect(world.news).toEqual(['created']);
  world.nowMs += MINUTE;
  await world.calls(1000, { errors: 7 });
  await world.pass(10_000);
  expect(world.news).toEqual(['created', 'cleared']);
});

it('remembers what people said of alerts, resolved ones too', async () => {
  world = await World.open({ alerts: { resolveClearMinutes: 5 } });
  await world.calls(20, { errors: 10 });
  const [first] = await active();
  await world.pass(10 * MINUTE);
  await world.pass(10 * MINUTE);
  expect(world.news.at(-1)).toBe('resolved');
  await world.alerts.judge(first!.alertId, 'false');
  await world.calls(20, { tool: 'cart', errors: 10 });
  const [second] = await active();
  await world.alerts.judge(second!.alertId, 'useful');
  await world.restart();
  expect(await world.alerts.quality({ fromMs: 0, toMs: world.nowMs + 1 })).toEqual({
    alerts: 2,
    useful: 1,
    false: 1,
    falseAlarmPercent: 50,
    meanMinutesToEnd: 10,
  });
  await expect(world.alerts.judge('alert-20000101-001', 'useful')).rejects.toMatchObject({ code: 'not_found' });
});

describe('rules', () => {
  const rule = { name: 'slow pay', metric: 'response_time', threshold: 50, server: 'sh*', tool: 'pay' } as const;

  it('raise and end alerts, with a limit of their own for the end', async () => {
    const own = { ...rule, statistic: 'p50', clearThreshold: 30, periodMinutes: 2 } as const;
    world = await World.open({ alerts: { rules: [own] } });
    const minuteOf = async (meanMs: number) => {
      await world.calls(20, { meanMs });
      await world.pass(MINUTE);
    };
    await minuteOf(45);
    expect(world.news).toEqual([]);
    await minuteOf(60);
    expect(await active()).toMatchObject([{ tool: 'pay', currentValue: 60, threshold: 50 }]);
    await minuteOf(40);
    expect(world.news).not.toContain('cleared');
    await minuteOf(20);
    expect(world.news.at(-1)).toBe('cleared');
  });

  it('look at every tool and server that they name', async () => {
    world = await World.open({ alerts: { rules: [{ ...rule, tool: '*', statistic: 'p50' }] } });
    await world.calls(20, { meanMs: 60 });
    await world.calls(20, { tool: 'cart', meanMs: 40 });
    await world.calls(20, { tool: 'ship', meanMs: 90 });
    await world.calls(20, { server: 'bank', meanMs: 90 });
    await world.pass(MINUTE);
    const found = await active();
    expect(found.map(({ tool }) => tool).sort()).toEqual(['pay', 'ship']);
    expect(found[0]!.condition).toBe('slow pay: response_time p50 > 50 ms');
    await world.pass(6 * MINUTE);
    expect(world.news.filter((change) => change === 'cleared')).toHaveLength(2);
  });

  it('know when calls stop coming', async () => {
    const silent = { name: 'quiet', metric: 'throughput', operator: 'lt', threshold: 1, tool: 'pay' } as const;
    world = await World.open({ alerts: { rules: [silent] } });
    await world.calls(20, {});
    await world.pass(MINUTE);
    expect(await active()).toEqual([]);
    await world.pass(6 * MINUTE);
    expect(await active()).toMatchObject([{ condition: 'quiet: throughput < 1 a minute', currentValue: 0 }]);
  });
});

describe('objectives', () => {
  it('raise an alert when the error budget burns, and say what is left of it', async () => {
    const objectives = [{ name: 'pay works', server: 'shop', tool: 'pay', objectivePercent: 99.9 }];
    world = await World.open({ objectives });
    await world.calls(960, { errors: 0 });
    await world.pass(MINUTE);
    expect(await active()).toEqual([]);
    await world.calls(40, { errors: 40 });
    await world.pass(MINUTE);
    const burning = (await active()).find(({ condition }) => condition.startsWith('pay works'));
    expect(burning).toMatchObject({
      severity: 'critical',
      condition: 'pay works: error budget burns at over 14.4x in 1h',
      threshold: 14.4,
      evidence: ['40 of 1000 calls were not good in 1h; 99.9 % are to be.'],
    });
    expect(burning!.currentValue).toBeCloseTo(40);
    const [status] = await world.alerts.objectives();
    expect(status).toMatchObject({ name: 'pay works', calls: 1000, goodPercent: 96 });
    expect(status!.budgetLeftPercent).toBeCloseTo(-3900);
    expect(status!.burnRates['6h']).toBeCloseTo(40);
  });

  it('count slow calls where they are about time', async () => {
    const objectives = [{ name: 'fast', server: 'shop', objectivePercent: 95, withinMs: 50 }];
    world = await World.open({ objectives });
    await world.calls(90, { meanMs: 10 });
    await world.calls(10, { meanMs: 60 });
    const [status] = await world.alerts.objectives();
    expect(status).toMatchObject({ tool: '', goodPercent: 90 });
  });
});
