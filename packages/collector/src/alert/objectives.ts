/** Service level objectives: how fast the error budget is used up, and how much of it is left. */
import type { Objective } from '../config/schema.ts';
import type { ObjectiveStatus } from '../model/alert.ts';
import { BURN_WINDOWS, type BurnWindow, MIN_BAD_CALLS } from '../model/burnWindows.ts';
import { callCount, DAY_MS, errorCount, MINUTE_MS, newestMinutes } from '../model/rollup.ts';
import type { Store } from '../store/store.ts';
import { type Breach, fingerprintOf } from './breach.ts';
import type { ConditionSource } from './conditions.ts';

interface Calls {
  total: number;
  bad: number;
}

/** @param objectives asked each time: people change them */
export function objectiveConditions(
  objectives: () => readonly Objective[],
  store: Pick<Store, 'readRollups'>,
): ConditionSource {
  return {
    prefix: 'slo:',
    async evaluate(nowMs) {
      const breaches: Breach[] = [];
      for (const objective of objectives()) {
        const breach = await burning(objective, store, nowMs);
        if (breach !== undefined) breaches.push(breach);
      }
      return breaches;
    },
  };
}

/** The worst window in which the budget burns too fast. */
async function burning(
  objective: Objective,
  store: Pick<Store, 'readRollups'>,
  nowMs: number,
): Promise<Breach | undefined> {
  for (const window of BURN_WINDOWS) {
    const long = await readCalls(objective, store, nowMs, window.longMs);
    if (long.bad < MIN_BAD_CALLS || burnRate(long, objective) < window.factor) continue;
    const short = await readCalls(objective, store, nowMs, window.shortMs);
    if (burnRate(short, objective) < window.factor) continue;
    return breachOf(objective, window, long);
  }
  return undefined;
}

function breachOf(objective: Objective, { name, factor, severity }: BurnWindow, long: Calls): Breach {
  const { server, tool = '', objectivePercent } = objective;
  const rate = burnRate(long, objective);
  const used = `${long.bad} of ${long.total} calls were not good in ${name}`;
  return {
    fingerprint: fingerprintOf(server, tool, `slo:${objective.name}`),
    server,
    tool,
    severity,
    condition: `${objective.name}: error budget burns at over ${factor}x in ${name}`,
    currentValue: rate,
    threshold: factor,
    pendingMinutes: 0,
    evidence: [`${used}; ${objectivePercent} % are to be.`],
  };
}

/** How many times as fast as the budget allows. */
function burnRate({ total, bad }: Calls, { objectivePercent }: Objective): number {
  return total === 0 ? 0 : bad / total / (1 - objectivePercent / 100);
}

async function readCalls(
  { server, tool, withinMs }: Objective,
  store: Pick<Store, 'readRollups'>,
  nowMs: number,
  windowMs: number,
): Promise<Calls> {
  const { rollups } = await store.readRollups({
    ...newestMinutes(nowMs, windowMs / MINUTE_MS),
    filter: { server, name: tool },
    scope: tool === undefined ? 'server' : 'series',
    digests: withinMs !== undefined,
  });
  const calls: Calls = { total: 0, bad: 0 };
  for (const rollup of rollups) {
    calls.total += callCount(rollup);
    calls.bad += withinMs === undefined ? errorCount(rollup) : (rollup.digest?.countAbove(withinMs) ?? 0);
  }
  return calls;
}

export async function objectiveStatus(
  objective: Objective,
  store: Pick<Store, 'readRollups'>,
  nowMs: number,
): Promise<ObjectiveStatus> {
  const whole = await readCalls(objective, store, nowMs, objective.windowDays * DAY_MS);
  const burnRates: Record<string, number> = {};
  for (const { name, longMs } of BURN_WINDOWS)
    burnRates[name] = burnRate(await readCalls(objective, store, nowMs, longMs), objective);
  const { name, server, tool = '', objectivePercent, windowDays, withinMs } = objective;
  return {
    name,
    server,
    tool,
    objectivePercent,
    windowDays,
    ...(withinMs !== undefined && { withinMs }),
    calls: whole.total,
    goodPercent: whole.total === 0 ? null : 100 - (100 * whole.bad) / whole.total,
    budgetLeftPercent: 100 * (1 - burnRate(whole, objective)),
    burnRates,
  };
}
