/** What the detector found and kept. */
import { z } from 'zod';
import { anomalyIdOf, type ExplainedMinute, INCIDENT_LOOKBACK_MS } from '../../model/anomaly.ts';
import { isoTime, nameParam } from '../params.ts';
import { defineRoute } from './defineRoute.ts';
import { rangeFields, rangeOf, serverField } from './inputs.ts';
import { pageAnswer, pageFields, pageOf } from './paging.ts';
import { anomaly, named, presentedAnomaly, roundedFields, time } from './shapes.ts';

export const listAnomalies = defineRoute({
  method: 'GET',
  path: '/anomalies',
  summary: 'Anomalies that were going on within a range, newest first',
  group: 'Anomalies',
  scope: 'read',
  query: z.strictObject({ ...rangeFields, server: serverField, tool: nameParam.optional(), ...pageFields }),
  answer: z.object({ anomalies: z.array(anomaly), ...pageAnswer }),
  async run({ query }, { store, clock }) {
    const { fromMs, toMs } = rangeOf(query, clock.nowMs());
    const { server, tool } = query;
    const found = await store.readAnomalies({ fromMs: fromMs - INCIDENT_LOOKBACK_MS, toMs }, { server, tool });
    const within = found.filter(({ atMs, incident }) =>
      incident === undefined ? atMs >= fromMs : (incident.endedAtMs ?? toMs) >= fromMs,
    );
    const page = pageOf(within, (one) => [one.atMs, anomalyIdOf(one)], query);
    return { anomalies: page.items.map(presentedAnomaly), nextCursor: page.nextCursor };
  },
});

const minute = named(
  'ExplainedMinute',
  z.object({
    at: time,
    calls: z.number().int(),
    errors: z.number().int(),
    p50Ms: z.number().optional(),
    meanMs: z.number().optional(),
    maxMs: z.number().optional(),
    cpuPercent: z.number().optional(),
    memoryMb: z.number().optional(),
    eventLoopDelayMs: z.number().optional(),
  }),
);

const explanation = z.object({ anomaly, minutes: z.array(minute) });
export type ExplanationAnswer = z.output<typeof explanation>;

export const explainAnomaly = defineRoute({
  method: 'GET',
  path: '/anomalies/{id}',
  summary: 'An anomaly and the minutes around it',
  group: 'Anomalies',
  scope: 'read',
  answer: explanation,
  async run({ path }, { detection }) {
    const found = await detection.explain(path.id!);
    return { anomaly: presentedAnomaly(found.anomaly), minutes: found.minutes.map(presentedMinute) };
  },
});

function presentedMinute({ atMs, ...figures }: ExplainedMinute): z.input<typeof minute> {
  return { at: isoTime(atMs), ...roundedFields(figures) };
}
