/** One subject over time, and how its durations are spread. */
import { z } from 'zod';
import { isoTime, parseTime, timeParam } from '../params.ts';
import { rounded } from '../tools/rounded.ts';
import { defineRoute } from './defineRoute.ts';
import { rangeFields, rangeOf, subjectFields, subjectOf } from './inputs.ts';
import { callStats, column, counts, named, roundedBounds, roundedColumn, roundedFields, time } from './shapes.ts';

const bounds = z.array(z.number()).describe('Upper ends in ms, ascending, evenly spaced by their logarithm');

export const getTimeline = defineRoute({
  method: 'GET',
  path: '/timeline',
  summary: 'Calls, errors, outcomes and quantiles over time, of everything, a server or a series',
  group: 'Look',
  scope: 'read',
  query: z.strictObject({
    ...rangeFields,
    ...subjectFields,
    points: z.coerce.number().int().min(1).max(1_500).default(300).describe('Steps at most'),
    heatmap: z.enum(['true', 'false']).default('false').describe('Whether calls by duration are wanted as well'),
  }),
  answer: named(
    'Timeline',
    z.object({
      from: time,
      to: time,
      stepSeconds: z.number().int(),
      calls: counts,
      errors: counts,
      avgMs: column,
      p50Ms: column,
      p95Ms: column,
      p99Ms: column,
      maxMs: column,
      outcomes: z.record(z.string(), counts).describe('Counts by outcome; those that never occurred are absent'),
      summary: callStats,
      heatmap: z
        .object({ boundsMs: bounds, steps: z.array(counts).describe('Per step the calls of each row') })
        .nullable(),
    }),
  ),
  async run({ query }, { views, clock }) {
    const range = rangeOf(query, clock.nowMs());
    const request = { ...range, subject: subjectOf(query), points: query.points, heatmap: query.heatmap === 'true' };
    const { fromMs, toMs, stepMs, summary, heatmap, calls, errors, outcomes, ...columns } =
      await views.timeline(request);
    return {
      from: isoTime(fromMs),
      to: isoTime(toMs),
      stepSeconds: stepMs / 1000,
      calls,
      errors,
      avgMs: roundedColumn(columns.avgMs),
      p50Ms: roundedColumn(columns.p50Ms),
      p95Ms: roundedColumn(columns.p95Ms),
      p99Ms: roundedColumn(columns.p99Ms),
      maxMs: roundedColumn(columns.maxMs),
      outcomes,
      summary: roundedFields(summary),
      heatmap: heatmap ? { boundsMs: roundedBounds(heatmap.boundsMs), steps: heatmap.steps } : null,
    };
  },
});

export const getDistribution = defineRoute({
  method: 'GET',
  path: '/distribution',
  summary: 'How durations are spread over a span, and over another one in the same bins',
  group: 'Look',
  scope: 'read',
  query: z.strictObject({
    ...rangeFields,
    ...subjectFields,
    compareFrom: timeParam.optional().describe('A second span of the same length begins here'),
  }),
  answer: named(
    'Distribution',
    z.object({
      boundsMs: bounds,
      spans: z.array(
        z.object({
          from: time,
          to: time,
          sharePercent: z.array(z.number()).describe('Calls of each bin, % of the span’s'),
          summary: callStats,
        }),
      ),
    }),
  ),
  async run({ query }, { views, clock }) {
    const range = rangeOf(query, clock.nowMs());
    const ranges = [range];
    if (query.compareFrom !== undefined) {
      const fromMs = parseTime('compareFrom', query.compareFrom);
      ranges.push({ fromMs, toMs: fromMs + range.toMs - range.fromMs });
    }
    const { boundsMs, spans } = await views.distribution(subjectOf(query), ranges);
    return {
      boundsMs: roundedBounds(boundsMs),
      spans: spans.map(({ fromMs, toMs, sharePercent, summary }) => ({
        from: isoTime(fromMs),
        to: isoTime(toMs),
        sharePercent: sharePercent.map(rounded),
        summary: roundedFields(summary),
      })),
    };
  },
});
