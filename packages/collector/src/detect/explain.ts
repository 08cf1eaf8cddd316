/** The numbers behind an anomaly: the minutes of its series and of its server around it. */
import { VitalsError } from '../errors.ts';
import {
  type Anomaly,
  anomalyIdOf,
  type ExplainedMinute,
  type Explanation,
  minuteOfAnomalyId,
} from '../model/anomaly.ts';
import { MINUTE_MS, startOfMinute } from '../model/rollup.ts';
import type { Store } from '../store/store.ts';
import { readObservedMinutes } from './adaptive/minuteReader.ts';
import type { ObservedMinute } from './adaptive/watcher.ts';

/** Enough to see what was usual, and what came after. */
const MINUTES_BEFORE = 30;
const MINUTES_AFTER = 5;
/** Of a long incident its beginning tells most. */
const MAX_MINUTES = 120;

/** @throws VitalsError `not_found` */
export async function explain(
  store: Pick<Store, 'readAnomalies' | 'scanRollups' | 'readResources'>,
  anomalyId: string,
): Promise<Explanation> {
  const atMs = minuteOfAnomalyId(anomalyId);
  const range = { fromMs: atMs ?? 0, toMs: (atMs ?? 0) + MINUTE_MS };
  const anomaly = (await store.readAnomalies(range, {})).find((one) => anomalyIdOf(one) === anomalyId);
  if (anomaly === undefined) {
    throw new VitalsError('not_found', 'There is no anomaly with this id', {
      hint: 'detect_anomalies lists them; only warnings and worse are kept, and what method adaptive found.',
    });
  }
  const minutes: ExplainedMinute[] = [];
  for await (const minute of readObservedMinutes(store, rangeAround(anomaly), Number.NEGATIVE_INFINITY))
    minutes.push(explained(minute, anomaly));
  return { anomalyId, anomaly, minutes };
}

function rangeAround({ atMs, incident }: Anomaly): { fromMs: number; toMs: number } {
  const startMs = startOfMinute(atMs);
  const fromMs = startMs - MINUTES_BEFORE * MINUTE_MS;
  const seenMs = Math.max(startMs, incident?.endedAtMs ?? incident?.detectedAtMs ?? startMs);
  return { fromMs, toMs: Math.min(seenMs + MINUTES_AFTER * MINUTE_MS, fromMs + MAX_MINUTES * MINUTE_MS) };
}

function explained({ atMs, tools, resources }: ObservedMinute, anomaly: Anomaly): ExplainedMinute {
  const ofServer = tools.filter(({ server }) => server === anomaly.server);
  const calls = anomaly.tool === '' ? undefined : ofServer.find(({ tool }) => tool === anomaly.tool);
  const use = resources.find(({ server }) => server === anomaly.server);
  const counted = anomaly.tool === '' ? ofServer : ofServer.filter((tool) => tool === calls);
  return {
    atMs,
    calls: counted.reduce((sum, tool) => sum + tool.calls, 0),
    errors: counted.reduce((sum, tool) => sum + tool.errors, 0),
    ...(calls && { p50Ms: calls.p50Ms, meanMs: calls.meanMs, maxMs: calls.maxMs }),
    ...(use && {
      cpuPercent: use.cpuPercentAvg,
      memoryMb: use.memoryMbAvg,
      eventLoopDelayMs: use.eventLoopDelayMsAvg,
    }),
  };
}
