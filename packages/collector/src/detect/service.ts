/**
 * Detection as the rest of the collector sees it: answers on request, cached, and the background job that looks at
 * each minute once and keeps what it found.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { nextTurn } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import { type Anomaly, INCIDENT_LOOKBACK_MS, SENSITIVITIES, type StatisticalMethod } from '../model/anomaly.ts';
import { HOUR_MS, MINUTE_MS, startOfMinute } from '../model/rollup.ts';
import { WHOLE_SHARE, type WorkShare } from '../model/workShare.ts';
import type { Detection, DetectionRequest } from '../serve/ports/detection.ts';
import type { Store, TimeRange } from '../store/store.ts';
import { createWatching, type WatchingOptions } from './adaptive/watching.ts';
import { evaluate } from './evaluate.ts';
import { explain } from './explain.ts';

export interface DetectionOptions {
  store: Pick<Store, 'readMinutes' | 'readResources' | 'saveAnomalies'> & WatchingOptions['store'];
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  config: Config;
  /** Beside other collectors: what the background job looks after. Default: everything. */
  background?: { store: DetectionOptions['store']; share: WorkShare } | undefined;
}

export interface DetectionService extends Detection {
  /**
   * Judges the minutes that have closed since the last run. Method `adaptive` returns the incidents that are open, and
   * has saved all. The others return what they find in those minutes, newest first, and save what is a warning or worse:
   * a tenth of all minutes is unusual in a way that nobody minds, and would fill store and reports. A run that fails
   * judges nothing: the next one takes its minutes over. Runs never overlap.
   */
  runInBackground(): Promise<Anomaly[]>;
  /** Forgets cached answers. */
  clearCache(): void;
}

/** Anomalies that cached answers may hold together: about 20 MB. An answer with more is not kept. */
const MAX_CACHED_ANOMALIES = 20_000;

/** About 5 ms of work, after which ingest may have its turn. */
const ANOMALIES_PER_TURN = 500;

/** What is found is a statistical question; the watches answer it each minute, and not anew. */
type StatisticalRequest = DetectionRequest & { method: StatisticalMethod };

export function createDetection(options: DetectionOptions): DetectionService {
  const { store, clock, config } = options;
  const own = options.background ?? { store, share: WHOLE_SHARE };
  const { cacheSeconds, intervalMinutes, lookbackHours, method, sensitivity } = config.detection;
  const background = { server: undefined, tool: undefined, kind: 'tool' as const, lookbackMs: lookbackHours * HOUR_MS };
  const watching = createWatching({ ...own, clock, config });
  const cache = new LRUCache<string, Anomaly[], DetectionRequest>({
    ttl: Math.max(1, cacheSeconds * 1000),
    ttlResolution: 0,
    perf: { now: () => clock.monotonicMs() },
    maxSize: MAX_CACHED_ANOMALIES,
    sizeCalculation: (anomalies) => anomalies.length + 1,
    // Who already waits when the cache is cleared still gets an answer.
    ignoreFetchAbort: true,
    fetchMethod: (_key, _stale, { context: request }) => {
      const nowMs = clock.nowMs();
      const fromMs = startOfMinute(nowMs - request.lookbackMs);
      if (request.method === 'adaptive') return incidents({ fromMs, toMs: nowMs }, request);
      return look(store, { fromMs, toMs: nowMs }, { ...request, method: request.method }, fromMs);
    },
  });

  /** What the watches have found that was open within the range. */
  async function incidents({ fromMs, toMs }: TimeRange, request: DetectionRequest): Promise<Anomaly[]> {
    if (request.kind !== 'tool') {
      throw new VitalsError('invalid', 'Method adaptive watches tools only', {
        hint: 'Use another method, or leave kind out',
      });
    }
    // Each step of sensitivity is a tenth of the false alarms, which is as many nats more evidence.
    const steps = SENSITIVITIES.indexOf(sensitivity) - SENSITIVITIES.indexOf(request.sensitivity);
    const moreNats = Math.max(0, steps) * Math.LN10;
    const { server, tool } = request;
    const found = await store.readAnomalies({ fromMs: fromMs - INCIDENT_LOOKBACK_MS, toMs }, { server, tool });
    return found.filter(({ incident }) => {
      if (incident === undefined || (incident.endedAtMs ?? toMs) < fromMs) return false;
      return incident.evidence === null || incident.evidence.nats >= incident.evidence.neededNats + moreNats;
    });
  }

  async function look(
    from: DetectionOptions['store'],
    range: TimeRange,
    request: StatisticalRequest,
    judgeFromMs: number,
  ): Promise<Anomaly[]> {
    const { server, tool, kind } = request;
    const [minutes, resources] = await Promise.all([
      from.readMinutes(range, { server, name: tool, kinds: [kind] }),
      // What a process uses is judged with its tools, so that nobody is told of it once per kind.
      kind === 'tool' ? from.readResources(range, server, 'minute') : [],
    ]);
    const anomalies: Anomaly[] = [];
    for (const anomaly of evaluate({ minutes, resources }, { ...request, judgeFromMs })) {
      anomalies.push(anomaly);
      if (anomalies.length % ANOMALIES_PER_TURN === 0) await nextTurn();
    }
    anomalies.sort((a, b) => b.atMs - a.atMs);
    // Resources belong to no tool: they are evidence when one tool is asked for, not findings.
    return tool === undefined ? anomalies : anomalies.filter((anomaly) => anomaly.tool === tool);
  }

  let judgedUntilMs: number | undefined;
  let running: Promise<Anomaly[]> | undefined;

  async function judgeNewMinutes(method: StatisticalMethod): Promise<Anomaly[]> {
    const toMs = startOfMinute(clock.nowMs() - config.ingest.minuteGraceSeconds * 1000);
    const fromMs = toMs - background.lookbackMs;
    // At the start, and when the clock went back, there is no last run to go on from: one interval then.
    const hasLastRun = judgedUntilMs !== undefined && judgedUntilMs <= toMs;
    const judgeFromMs = hasLastRun ? Math.max(judgedUntilMs!, fromMs) : toMs - intervalMinutes * MINUTE_MS;
    if (judgeFromMs === toMs) return [];
    const anomalies = await look(own.store, { fromMs, toMs }, { ...background, method, sensitivity }, judgeFromMs);
    await own.store.saveAnomalies(anomalies.filter(({ severity }) => severity !== 'info'));
    judgedUntilMs = toMs;
    return anomalies;
  }

  return {
    async detect(request) {
      const { server, tool, kind, lookbackMs } = request;
      const key = JSON.stringify([server ?? null, tool ?? null, kind, lookbackMs, request.method, request.sensitivity]);
      return (await cache.fetch(key, { context: request, forceRefresh: cacheSeconds === 0 })) ?? [];
    },
    explain: (anomalyId) => explain(store, anomalyId),
    runInBackground() {
      running ??= (method === 'adaptive' ? watching.run() : judgeNewMinutes(method)).finally(() => {
        running = undefined;
      });
      return running;
    },
    clearCache: () => cache.clear(),
  };
}
