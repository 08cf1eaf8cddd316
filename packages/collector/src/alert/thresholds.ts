/** Which limit applies to what: the defaults, what was set, and how the most specific of them is found. */
import { createHash } from 'node:crypto';
import type { AlertSeverity, Threshold, ThresholdMetric } from '../model/alert.ts';
import { everyServerOf, workspaceOf } from '../model/workspace.ts';

type Scope = Pick<Threshold, 'server' | 'tool' | 'metric' | 'severity'>;

/** Limits in force for one metric of one tool or server; an absent severity is disabled. */
export type Limits = { readonly [severity in AlertSeverity]?: number };

/** In the unit of `Threshold.threshold`, for everything; the figures of the specification. */
export const DEFAULT_THRESHOLDS: readonly Threshold[] = (
  [
    ['response_time', 500, 1000],
    ['error_rate', 1, 5],
    ['cpu', 70, 90],
    ['memory', 75, 90],
  ] as const
).flatMap(([metric, warning, critical]) => [
  everywhere(metric, 'warning', warning),
  everywhere(metric, 'critical', critical),
]);

function everywhere(metric: ThresholdMetric, severity: AlertSeverity, threshold: number): Threshold {
  const scope = { server: '', tool: '', metric, severity };
  return { ...scope, thresholdId: thresholdIdOf(scope), threshold, enabled: true };
}

/** Readable for the defaults; names are hashed, since they may hold anything at any length. */
export function thresholdIdOf({ server, tool, metric, severity }: Scope): string {
  if (server === '' && tool === '') return `${metric}-${severity}`;
  const scope = createHash('sha256')
    .update(JSON.stringify([server, tool]))
    .digest('hex');
  return `${metric}-${severity}-${scope.slice(0, 16)}`;
}

/** The same as the id, without the hash: new names may come in numbers. */
function keyOf({ server, tool, metric, severity }: Scope): string {
  return JSON.stringify([server, tool, metric, severity]);
}

/** The worst severity whose limit `value` is above. */
export function severityAbove(limits: Limits, value: number): AlertSeverity | undefined {
  if (limits.critical !== undefined && value > limits.critical) return 'critical';
  return limits.warning !== undefined && value > limits.warning ? 'warning' : undefined;
}

/**
 * The thresholds by scope. For each metric and severity on its own the most specific one decides, enabled or not: one
 * for the tool on the server, then for the tool on any server, then for the server, then for everything. A tool comes
 * before a server because it says what kind of work it is: `deploy` is slow wherever it runs. What is said of a workspace
 * comes before what is said of all servers.
 */
export class ThresholdBook {
  readonly #byScope = new Map<string, Threshold>(DEFAULT_THRESHOLDS.map((entry) => [keyOf(entry), entry]));
  #version = 0;

  /** Changes whenever a threshold does; what was looked up under another version is out of date. */
  get version(): number {
    return this.#version;
  }

  set(threshold: Threshold): void {
    this.#byScope.set(keyOf(threshold), threshold);
    this.#version++;
  }

  /** Takes up what was saved, instead of what it has. */
  load(saved: readonly Threshold[]): void {
    this.#byScope.clear();
    for (const threshold of [...DEFAULT_THRESHOLDS, ...saved]) this.#byScope.set(keyOf(threshold), threshold);
    this.#version++;
  }

  /** Those for everything first, then by names. */
  list(): Threshold[] {
    const order = ({ server, tool, metric, severity }: Threshold) => JSON.stringify([server, tool, metric, severity]);
    return [...this.#byScope.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  /** An empty tool asks for the server itself. */
  limits(server: string, tool: string, metric: ThresholdMetric): Limits {
    const warning = this.#decide({ server, tool, metric, severity: 'warning' });
    const critical = this.#decide({ server, tool, metric, severity: 'critical' });
    return {
      ...(warning?.enabled && { warning: warning.threshold }),
      ...(critical?.enabled && { critical: critical.threshold }),
    };
  }

  #decide(scope: Scope): Threshold | undefined {
    const { server, tool } = scope;
    const wider = server === '' ? [''] : [everyServerOf(workspaceOf(server)), ''];
    const candidates = [
      scope,
      ...wider.map((servers) => ({ ...scope, server: servers, tool })),
      { ...scope, server, tool: '' },
      ...wider.map((servers) => ({ ...scope, server: servers, tool: '' })),
    ];
    for (const candidate of candidates) {
      const threshold = this.#byScope.get(keyOf(candidate));
      if (threshold) return threshold;
    }
    return undefined;
  }
}
