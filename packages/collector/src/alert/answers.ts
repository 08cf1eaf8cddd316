/**
 * What callers ask and do: the MCP tools, the JSON API and, with `receive`, the webhook that Alertmanagers call. What changes
 * something waits its turn in the queue. Silences and objectives are read first: another collector may have changed them.
 */
import { VitalsError } from '../errors.ts';
import { type Alert, isForeign } from '../model/alert.ts';
import { workspaceOf } from '../model/workspace.ts';
import type { Alerts, ForeignAlert, ReceivedAlerts } from '../serve/ports/alerts.ts';
import { endIfOver } from './ending.ts';
import { OPEN } from './lifecycle.ts';
import { objectiveStatus } from './objectives.ts';
import type { AlertParts } from './parts.ts';
import { proposeThresholds } from './proposals.ts';
import { qualityOf } from './quality.ts';
import type { AlertEvent } from './state.ts';
import { DEFAULT_THRESHOLDS, thresholdIdOf } from './thresholds.ts';

const MAX_ATTEMPTS = 3;

export function alertAnswers(
  parts: AlertParts,
): Pick<Alerts, 'active' | 'acknowledge' | 'judge' | 'receive' | 'quality'> {
  const { everywhere, storedName, queue } = parts;
  return {
    async active({ severity, server, status }) {
      const statuses = status === undefined ? OPEN.filter((each) => each !== 'pending') : [status];
      return everywhere.readAlerts({ statuses, severity, server: server && storedName(server) });
    },
    acknowledge: (alertId, by, notes) =>
      queue.run(() => applyTo(alertId, { kind: 'acknowledge', by, notes }, parts, refuseResolved)),
    judge: (alertId, feedback) => queue.run(() => applyTo(alertId, { kind: 'judge', feedback }, parts)),
    receive: (told, workspace) => queue.run(() => receive(told, workspace, parts)),
    async quality(range, workspace) {
      const alerts = await everywhere.readAlerts({ createdWithin: range });
      return qualityOf(alerts.filter(({ server }) => workspace === undefined || workspaceOf(server) === workspace));
    },
  };
}

/** What a person does to an alert; once more when somebody else was quicker. */
async function applyTo(
  alertId: string,
  event: AlertEvent,
  { lifecycle, everywhere, clock }: AlertParts,
  refuse: (alert: Alert) => void = () => {},
): Promise<Alert> {
  for (let attempt = 1; ; attempt++) {
    const alert = lifecycle.register.openById(alertId) ?? (await everywhere.getAlert(alertId));
    if (alert === undefined || alert.status === 'pending') throw unknownAlert();
    refuse(alert);
    try {
      return (await lifecycle.apply(alert, event, clock.nowMs()))!;
    } catch (error) {
      if (!(error instanceof VitalsError) || error.code !== 'conflict' || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

function refuseResolved({ status }: Alert): void {
  if (status === 'resolved') throw new VitalsError('conflict', 'The alert is already resolved');
}

function unknownAlert(): VitalsError {
  return new VitalsError('not_found', 'There is no alert with this id', {
    hint: 'get_active_alerts lists the alerts that can be acknowledged',
  });
}

/** Of servers that another collector looks after, that one learns within a minute. */
async function receive(
  told: readonly ForeignAlert[],
  workspace: string | undefined,
  parts: AlertParts,
): Promise<ReceivedAlerts> {
  const { foreign, conditions, lifecycle, clock } = parts;
  const nowMs = clock.nowMs();
  const received = await foreign.take(told, nowMs, workspace);
  await conditions.ask(foreign, nowMs);
  for (const alert of lifecycle.register.open()) if (isForeign(alert)) await endIfOver(alert, nowMs, parts);
  return received;
}

export function thresholdAnswers({
  store,
  everywhere,
  storedName,
  queue,
  book,
  lifecycle,
  clock,
}: AlertParts): Pick<Alerts, 'setThreshold' | 'removeThreshold' | 'thresholds' | 'proposals'> {
  return {
    setThreshold: ({ server, tool, ...rest }) =>
      queue.run(async () => {
        const threshold = { server: server ? storedName(server) : '', tool: tool ? storedName(tool) : '', ...rest };
        const saved = { ...threshold, thresholdId: thresholdIdOf(threshold) };
        await store.saveThreshold(saved);
        book.set(saved);
        lifecycle.tell({ kind: 'threshold', threshold: saved });
        return saved;
      }),
    removeThreshold: (thresholdId) =>
      queue.run(async () => {
        const saved = await store.listThresholds();
        const removed = saved.find((each) => each.thresholdId === thresholdId);
        if (removed === undefined) throw new VitalsError('not_found', 'No threshold of this id was set');
        await store.deleteThreshold(thresholdId);
        book.load(saved.filter((each) => each !== removed));
        lifecycle.tell({ kind: 'threshold', threshold: removed });
        return removed;
      }),
    thresholds: () => book.list().map((each) => ({ ...each, isRemovable: !DEFAULT_THRESHOLDS.includes(each) })),
    proposals: () => proposeThresholds(everywhere, book, clock.nowMs()),
  };
}

export function silenceAnswers({
  queue,
  silences,
  clock,
}: AlertParts): Pick<Alerts, 'silence' | 'silences' | 'endSilence'> {
  return {
    silence: (input) => queue.run(() => silences.add(input, clock.nowMs())),
    silences: () =>
      queue.run(async () => {
        await silences.load();
        return silences.list(clock.nowMs());
      }),
    endSilence: (silenceId) =>
      queue.run(async () => {
        await silences.load();
        await silences.end(silenceId);
      }),
  };
}

export function ruleAnswers({ queue, rules }: AlertParts): Pick<Alerts, 'rules' | 'setRule' | 'removeRule'> {
  const changed = <T>(change: () => T | Promise<T>) =>
    queue.run(async () => {
      await rules.load();
      return change();
    });
  return {
    rules: () => changed(() => rules.listSet()),
    setRule: (rule) =>
      changed(async () => {
        await rules.set(rule);
        return rule;
      }),
    removeRule: (name) => changed(() => rules.remove(name)),
  };
}

export function objectiveAnswers({
  everywhere,
  queue,
  objectives,
  clock,
}: AlertParts): Pick<Alerts, 'objectives' | 'setObjective' | 'removeObjective'> {
  return {
    async objectives() {
      await queue.run(() => objectives.load());
      return Promise.all(
        objectives.list().map(async (each) => ({
          ...(await objectiveStatus(each, everywhere, clock.nowMs())),
          isFixed: objectives.isFixed(each.name),
        })),
      );
    },
    setObjective: (objective) =>
      queue.run(async () => {
        await objectives.load();
        await objectives.set(objective);
        return objective;
      }),
    removeObjective: (name) =>
      queue.run(async () => {
        await objectives.load();
        await objectives.remove(name);
      }),
  };
}
