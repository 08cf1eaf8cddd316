/** A store in which two workspaces and the default one have everything there is to see, each with names that give it away. */
import { thresholdIdOf } from '../alert/thresholds.ts';
import { anomalyIdOf } from '../model/anomaly.ts';
import type { PolicyRecord } from '../model/optimization/policyRecord.ts';
import { HOUR_MS, MINUTE_MS } from '../model/rollup.ts';
import { DEFAULT_WORKSPACE, qualifiedName } from '../model/workspace.ts';
import type { Store } from '../store/store.ts';
import { incomingBatch } from '../store/storeFixtures.ts';
import { testAlert, testAnomaly, testResources } from './filledStore.ts';

/** What stands in every name and text of a workspace. */
export const CANARIES = { 'team-a': 'Robin', 'team-b': 'Wren', [DEFAULT_WORKSPACE]: 'Finch' } as const;
export type TestWorkspace = keyof typeof CANARIES;
export const WORKSPACES = Object.keys(CANARIES) as TestWorkspace[];

export const serverOf = (workspace: TestWorkspace) => qualifiedName(workspace, `server${CANARIES[workspace]}`);
export const toolOf = (workspace: TestWorkspace) => `tool${CANARIES[workspace]}`;
export const alertIdOf = (workspace: TestWorkspace) => `alert-20251031-00${WORKSPACES.indexOf(workspace) + 1}`;
export const silenceIdOf = (workspace: TestWorkspace) => `silence-${CANARIES[workspace]}`;
export const objectiveOf = (workspace: TestWorkspace) => `objective${CANARIES[workspace]}`;

export const ruleOf = (workspace: TestWorkspace) => `rule${CANARIES[workspace]}`;

/** Of its threshold. */
export const scopeOf = (workspace: TestWorkspace) =>
  ({ server: serverOf(workspace), tool: toolOf(workspace), metric: 'response_time', severity: 'warning' }) as const;

export function anomalyOf(workspace: TestWorkspace, nowMs: number) {
  const canary = CANARIES[workspace];
  const deploy = { atMs: nowMs - HOUR_MS, fromVersion: `1-${canary}`, toVersion: `2-${canary}` };
  const others = WORKSPACES.map((each) => ({ server: serverOf(each), tool: toolOf(each) }));
  return testAnomaly({
    atMs: Math.floor((nowMs - HOUR_MS / 2) / MINUTE_MS) * MINUTE_MS,
    server: serverOf(workspace),
    tool: toolOf(workspace),
    recommendations: [`Look at ${canary}.`],
    incident: {
      endedAtMs: null,
      detectedAtMs: nowMs - HOUR_MS / 2,
      affectedCalls: 7,
      evidence: { nats: 12, neededNats: 10 },
      deploy,
      // As an older collector, which knew of no workspaces, may have written it.
      alsoAffects: others,
      partOf: null,
    },
  });
}

async function seedCalls(store: Store, workspace: TestWorkspace, nowMs: number): Promise<void> {
  const canary = CANARIES[workspace];
  const server = serverOf(workspace);
  for (const [index, ageMinutes] of [3 * 1440, 300, 90, 30, 5, 1].entries()) {
    const endMs = nowMs - ageMinutes * MINUTE_MS;
    const errors = [{ atMs: endMs, errorClass: `Error${canary}`, code: `-${canary}`, message: `told of ${canary}` }];
    const window = { server, endMs, durationsMs: [10, 20, 30 + index], failuresMs: [5], errors };
    await store.append(
      incomingBatch({
        instance: `instance-${canary}`,
        seq: index + 1,
        receivedAtMs: endMs,
        servers: [{ name: server, version: `2-${canary}` }],
        windows: [
          { ...window, name: toolOf(workspace) },
          { ...window, kind: 'prompt', name: `prompt${canary}` },
          { ...window, kind: 'gauge', name: `gauge${canary}`, failuresMs: [] },
        ],
        resources: [testResources(endMs)],
        inFlight: [{ server: 0, kind: 'tool', name: toolOf(workspace), count: 1, oldestAgeMs: 60_000 }],
        dropped: { queue_full: 1 },
      }),
    );
  }
}

async function seedRest(store: Store, workspace: TestWorkspace, nowMs: number): Promise<void> {
  const canary = CANARIES[workspace];
  const server = serverOf(workspace);
  const tool = toolOf(workspace);
  const anomaly = anomalyOf(workspace, nowMs);
  await store.saveAnomalies([anomaly]);
  await store.saveAlert(
    testAlert({
      alertId: alertIdOf(workspace),
      fingerprint: JSON.stringify([server, tool, 'error_rate']),
      createdAtMs: nowMs - MINUTE_MS,
      lastBreachAtMs: nowMs,
      anomalyId: anomalyIdOf(anomaly),
      evidence: [`seen by ${canary}`],
      notes: `note of ${canary}`,
      server,
      tool,
    }),
  );
  const scope = scopeOf(workspace);
  await store.saveThreshold({ ...scope, thresholdId: thresholdIdOf(scope), threshold: 1e6, enabled: true });
  const rule = {
    name: ruleOf(workspace),
    metric: 'cpu',
    statistic: 'p95',
    operator: 'gt',
    threshold: 1e6,
    server,
    tool: '*',
  };
  const spans = { minCalls: 1, periodMinutes: 5, forMinutes: 0, urgent: false, channels: [] };
  const more = { severity: 'warning', grade: 'low', resolvesBy: 'people' };
  await store.saveItems('alert_rule', [{ key: rule.name, value: { ...rule, ...spans, ...more } }]);
  await store.saveItems('deploy', [{ key: server, server, value: { server, ...anomaly.incident!.deploy } }]);
  const objective = { name: objectiveOf(workspace), server, objectivePercent: 99, windowDays: 30 };
  await store.saveItems('objective', [{ key: objective.name, value: objective }]);
  const silence = { silenceId: silenceIdOf(workspace), server, tool, by: `somebody of ${canary}`, reason: canary };
  const until = { fromMs: nowMs - HOUR_MS, untilMs: nowMs + HOUR_MS };
  await store.saveItems('silence', [{ key: silence.silenceId, value: { ...silence, ...until } }]);
  const policy: PolicyRecord = {
    server,
    version: 1,
    state: 'kept',
    tools: { [tool]: { timeout: { afterMs: 1_000 } } },
    strategy: 'balanced',
    target: 'latency',
    appliedAtMs: nowMs - HOUR_MS,
    appliedBy: `somebody of ${canary}`,
    why: `Because of ${canary}.`,
    watchUntilMs: nowMs - HOUR_MS / 2,
    expiresAtMs: nowMs + 24 * HOUR_MS,
    previous: null,
  };
  await store.saveItems('policy', [{ key: `${server} 1`, server, value: policy }]);
  const entry = { entryId: `2025-${canary}`, atMs: nowMs - HOUR_MS, by: canary, action: 'threshold.set', server };
  await store.saveItems('audit', [{ key: entry.entryId, value: { ...entry, summary: 'Set.', details: { canary } } }]);
}

export async function seedWorkspaces(
  store: Store,
  nowMs: number,
  workspaces: readonly TestWorkspace[] = WORKSPACES,
): Promise<void> {
  for (const workspace of workspaces) {
    await seedCalls(store, workspace, nowMs);
    await seedRest(store, workspace, nowMs);
  }
  await store.closeMinutes(nowMs);
  await store.rollUp(nowMs);
}
