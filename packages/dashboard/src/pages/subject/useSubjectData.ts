/** All that a subject's page shows, asked for together. */
import {
  type Alert,
  type Anomaly,
  type ApiFailure,
  answered,
  api,
  type Resources,
  type Timeline,
  type ToolStats,
} from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import { useAnswer } from '../../live/useAnswer.ts';
import { type Range, rangeLengthMs, rangeParams, refreshMs } from '../../route/range.ts';
import { COMPARISONS, shiftOf } from './comparison.ts';

export interface Deploy {
  at: string;
  server: string;
  fromVersion: string;
  toVersion: string;
}

export interface SubjectData {
  timeline: Timeline | undefined;
  past: { timeline: Timeline; label: string; shiftMs: number } | undefined;
  tools: readonly ToolStats[];
  errors: readonly components['schemas']['RecentError'][];
  alerts: readonly Alert[];
  anomalies: readonly Anomaly[];
  deploys: readonly Deploy[];
  resources: readonly Resources[];
  isLoading: boolean;
  failure: ApiFailure | undefined;
}

interface SubjectQuestion {
  server: string;
  tool: string;
  range: Range;
  /** A key of `COMPARISONS`. */
  against: string;
}

const DAY_MS = 86_400_000;
const DEPLOYS_LOOKED_FOR_MINUTES = 30 * 1440;

export function useSubjectData({ server, tool, range, against }: SubjectQuestion): SubjectData {
  const params = rangeParams(range);
  const everyMs = refreshMs(range);
  const name = tool === '' ? {} : { name: tool };
  const question = JSON.stringify([server, tool, params]);
  // For comparing with the time before a version it need not lie within the range.
  const allDeploys = useAnswer(
    `deploys ${server}`,
    async (signal) => {
      const query = { server, minutes: DEPLOYS_LOOKED_FOR_MINUTES };
      return (await answered(api.GET('/deploys', { params: { query }, signal }))).deploys;
    },
    60_000,
  );
  const shiftMs = shiftOf(against, range, allDeploys.data?.[0]?.at);
  const timeline = useAnswer(
    `timeline ${question}`,
    (signal) =>
      answered(api.GET('/timeline', { params: { query: { server, ...name, ...params, heatmap: 'true' } }, signal })),
    everyMs,
  );
  const past = useAnswer(
    `past ${question} ${against} ${against === 'deploy' ? shiftMs : ''}`,
    async (signal) => {
      if (shiftMs === undefined) return undefined;
      const toMs = (range.kind === 'fixed' ? range.toMs : Date.now()) - shiftMs;
      const span = { from: new Date(toMs - rangeLengthMs(range)).toISOString(), to: new Date(toMs).toISOString() };
      const query = { server, ...name, ...span };
      return answered(api.GET('/timeline', { params: { query }, signal }));
    },
    undefined,
  );
  const around = useAnswer(
    `around ${question}`,
    async (signal) => {
      const only = tool === '' ? {} : { tool };
      const [errors, alerts, anomalies, tools] = await Promise.all([
        answered(api.GET('/errors', { params: { query: { server, ...only, limit: 50 } }, signal })),
        answered(api.GET('/alerts', { params: { query: { server, ...only, ...params, status: 'all' } }, signal })),
        answered(api.GET('/anomalies', { params: { query: { server, ...only, ...params, limit: 200 } }, signal })),
        tool === ''
          ? answered(api.GET('/tools', { params: { query: { server, ...params, limit: 1000 } }, signal }))
          : undefined,
      ]);
      return {
        errors: errors.errors,
        alerts: alerts.alerts,
        anomalies: anomalies.anomalies,
        tools: tools?.tools ?? [],
      };
    },
    everyMs === undefined ? undefined : Math.max(10_000, everyMs),
  );
  const resources = useAnswer(
    `resources ${JSON.stringify([server, params])}`,
    async (signal) => {
      const lengthMs = rangeLengthMs(range);
      const groupBy = lengthMs <= DAY_MS && isRecent(range) ? 'minute' : lengthMs <= 30 * DAY_MS ? 'hour' : 'day';
      const query = { server, ...params, groupBy } as const;
      return (await answered(api.GET('/resources', { params: { query }, signal }))).resources;
    },
    everyMs === undefined ? undefined : Math.max(20_000, everyMs),
  );
  return {
    timeline: timeline.data,
    past:
      past.data && shiftMs !== undefined ? { timeline: past.data, label: COMPARISONS[against]!, shiftMs } : undefined,
    tools: around.data?.tools ?? [],
    errors: around.data?.errors ?? [],
    alerts: around.data?.alerts ?? [],
    anomalies: around.data?.anomalies ?? [],
    deploys: allDeploys.data ?? [],
    resources: resources.data ?? [],
    isLoading: timeline.isLoading,
    failure: timeline.failure ?? around.failure,
  };
}

/** Minutes of resources are kept for a day. */
function isRecent(range: Range): boolean {
  return range.kind === 'newest' || Date.now() - range.fromMs <= DAY_MS;
}
