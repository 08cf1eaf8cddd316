/** Watching live: checks what is to be watched, limits how many watch, and puts together what was seen. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import { knownServers, knownTools } from '../knownSubject.ts';
import {
  FIGURES_OF_METRIC,
  type MonitorFigure,
  type MonitorRequest,
  type MonitorRun,
  type MonitorTarget,
} from '../model/monitor.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { Monitors } from '../serve/ports/monitors.ts';
import type { Recent } from '../serve/ports/recent.ts';
import type { Store } from '../store/store.ts';
import { toCsv } from './csv.ts';
import { toPage } from './page.ts';
import { breachesOf, summarise, thinned } from './summary.ts';
import { readUsual, type Usual } from './usual.ts';
import { CALL_METRICS, Watch, type Watched } from './watch.ts';

export interface MonitorsDeps {
  clock: Pick<Clock, 'nowMs' | 'after'>;
  store: Pick<Store, 'listServers' | 'listSeries' | 'readInFlight' | 'readRollups' | 'readResources'>;
  recent: Pick<Recent, 'windows' | 'resources'>;
  config: Pick<Config, 'analysis'>;
  audit: Pick<Audit, 'record'>;
  /** How many run, where others that see another part of the servers count against the same limit. */
  running?: { count: number };
}

export function createMonitors(deps: MonitorsDeps): Monitors {
  const { maxMonitors } = deps.config.analysis;
  const { running = { count: 0 } } = deps;
  return {
    async run(request, control) {
      if (running.count >= maxMonitors) {
        throw new VitalsError('rate_limited', `${running.count} monitors run already, which is the most there may be`, {
          hint: 'Wait for one to end or cancel it; the setting analysis.maxMonitors allows more.',
        });
      }
      running.count += 1;
      try {
        await requireTarget(deps.store, request);
        await recordStart(deps.audit, request, control.by);
        const watched = await new Watch(deps, request, control).run();
        const usual = request.includeHistorical ? await readUsual(deps.store, request, watched.fromMs) : undefined;
        return runOf(request, watched, usual);
      } finally {
        running.count -= 1;
      }
    },
    render: (run, format) => (format === 'csv' ? toCsv(run) : toPage(run)),
  };
}

async function recordStart(audit: Pick<Audit, 'record'>, request: MonitorRequest, by: string): Promise<void> {
  const { scope, server = '', tool = '', durationMs, intervalMs } = request;
  await audit.record({
    by,
    action: 'monitor.started',
    server,
    summary: `Watches ${scope === 'system' ? 'the system' : `a ${scope}`} for up to ${durationMs / 1000} s.`,
    details: { scope, tool, durationMs, intervalMs },
  });
}

/** @throws VitalsError `not_found` */
async function requireTarget(
  store: Pick<Store, 'listServers' | 'listSeries'>,
  { server, tool }: MonitorTarget,
): Promise<void> {
  if (server !== undefined) await knownServers(store, server);
  if (tool !== undefined) await knownTools(store, tool, server);
}

function runOf(request: MonitorRequest, watched: Watched, usual: Usual | undefined): MonitorRun {
  const { scope, server, tool, metrics, intervalMs } = request;
  const { samples, isCancelled, calls, errors, widestMs } = watched;
  const figures = metrics.flatMap((metric): readonly MonitorFigure[] => FIGURES_OF_METRIC[metric]);
  const summary = summarise(samples, figures).map((line) => ({
    ...line,
    ...(usual?.[line.figure] && { usual: usual[line.figure]! }),
  }));
  const known = new Set(summary.map(({ figure }) => figure));
  const unknown = figures.filter((figure) => !known.has(figure));
  return {
    ...{ scope, server, tool, intervalMs, isCancelled, calls, errors, summary },
    startMs: watched.fromMs,
    endMs: watched.toMs,
    resolutionMs: widestMs === 0 ? null : Math.round(widestMs),
    samples: thinned(samples),
    breaches: breachesOf(samples, request),
    notes: notesOf(request, watched, unknown, usual),
  };
}

/** What is not there, and why. */
function notesOf(
  { scope, server, metrics, intervalMs }: MonitorRequest,
  { samples, calls, isCancelled, widestMs }: Watched,
  unknown: readonly MonitorFigure[],
  usual: Usual | undefined,
): string[] {
  const notes: string[] = [];
  if (isCancelled) notes.push('It was ended early; these are the figures until then.');
  if (samples.length === 0) return [...notes, 'It was too short for a sample.'];
  if (calls < 0.5) notes.push('No call ended in this time.');
  if (unknown.length > 0) notes.push(`Nothing is known of ${unknown.join(', ')}. ${reasonOf(scope, server)}`);
  if (widestMs > intervalMs * 1.5 && metrics.some((metric) => CALL_METRICS.has(metric))) {
    notes.push(`Calls are reported every ${Math.round(widestMs) / 1000} s; samples in between share them out evenly.`);
  }
  if (scope === 'tool' && server !== undefined) notes.push("Resources are those of the server's processes.");
  if (usual !== undefined && Object.keys(usual).length === 0) {
    notes.push('There is no whole hour of history to say what is usual.');
  }
  return notes;
}

function reasonOf(scope: MonitorTarget['scope'], server: string | undefined): string {
  if (scope === 'system') return 'The system does not tell, or nothing was called.';
  if (server === undefined) return 'Name the server for the resources of its processes.';
  return 'Nothing was called or reported, which an idle process does once a minute; servers do not report their network.';
}
