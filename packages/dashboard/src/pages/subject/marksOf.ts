/** What is drawn into the charts of a subject: anomalies where they happened, new versions, alerts. */
import type { Anomaly } from '../../api/client.ts';
import type { Marks, SpanMark } from '../../charts/marks.ts';
import type { SubjectData } from './useSubjectData.ts';

export function marksOf({ anomalies, alerts, deploys }: Pick<SubjectData, 'anomalies' | 'alerts' | 'deploys'>): Marks {
  return {
    spans: anomalies.filter(({ severity }) => severity !== 'info').map(spanOf),
    moments: [
      ...deploys.map(({ at, toVersion }) => ({ atMs: Date.parse(at), kind: 'deploy' as const, label: toVersion })),
      ...alerts.map(({ createdAt, condition }) => ({
        atMs: Date.parse(createdAt),
        kind: 'alert' as const,
        label: condition,
      })),
    ],
  };
}

const RANGE = /^([\d.]+)-([\d.]+)$/;

/** The expected band belongs into a chart of durations only where the anomaly is about them. */
function spanOf({ at, endedAt, type, expectedRange }: Anomaly): SpanMark {
  const [, low, high] = RANGE.exec(expectedRange) ?? [];
  const isDuration = type.startsWith('response_time') && high !== undefined;
  return {
    fromMs: Date.parse(at),
    toMs: endedAt === null ? null : Date.parse(endedAt),
    expected: isDuration ? { low: Number(low), high: Number(high) } : undefined,
  };
}
