/** Whether anybody is told of a change of an alert: a pure function that names its reason. */
import type { Dependency, QuietHours } from '../config/schema.ts';
import type { Alert, Silence } from '../model/alert.ts';
import { isSilenced } from '../model/silence.ts';
import { matchesServer } from '../model/workspace.ts';
import type { AlertChange } from './state.ts';

/** `acknowledged` and `untold` are no loss: somebody is on it, or nobody ever heard of it. */
export type MutedReason = 'silenced' | 'quiet_hours' | 'dependency_down' | 'acknowledged' | 'untold';

export interface Muting {
  silences: readonly Silence[];
  quietHours: readonly QuietHours[];
  dependencies: readonly Dependency[];
  /** Unresolved alerts of all servers. */
  open: readonly Alert[];
}

/** Of what nobody was told, nobody wants to hear that it is over. */
const ENDS: readonly AlertChange[] = ['cleared', 'resolved', 'acknowledged'];

export function mutedBecause(
  change: AlertChange,
  alert: Alert,
  muting: Muting,
  nowMs: number,
): MutedReason | undefined {
  if (alert.status === 'acknowledged' && change !== 'acknowledged') return 'acknowledged';
  if (!alert.isTold && ENDS.includes(change)) return 'untold';
  if (muting.silences.some((silence) => isSilenced(alert, silence, nowMs))) return 'silenced';
  if (isDependencyDown(alert, muting)) return 'dependency_down';
  const isQuiet = muting.quietHours.some(
    (hours) => isLetThrough(alert, hours) === false && isWithinHours(nowMs, hours),
  );
  return isQuiet ? 'quiet_hours' : undefined;
}

/** The dependency's own alerts are told: they are the cause. */
function isDependencyDown({ server }: Alert, { dependencies, open }: Muting): boolean {
  return dependencies.some(
    (dependency) =>
      matchesServer(dependency.server, server) &&
      dependency.on !== server &&
      open.some((other) => other.server === dependency.on && other.severity === 'critical' && isHolding(other)),
  );
}

function isHolding({ status, clearedAtMs }: Alert): boolean {
  return status !== 'pending' && status !== 'resolved' && clearedAtMs === null;
}

function isLetThrough({ severity }: Alert, { exceptCritical }: QuietHours): boolean {
  return exceptCritical && severity === 'critical';
}

/** By the clock on the wall of the time zone, which knows when summer time begins. Equal ends are a whole day. */
export function isWithinHours(nowMs: number, { from, to, timezone }: QuietHours): boolean {
  const now = wallClock(nowMs, timezone);
  if (from === to) return true;
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/** E.g. `07:30`; such texts compare like the times they are. */
function wallClock(nowMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return format.format(nowMs);
}
