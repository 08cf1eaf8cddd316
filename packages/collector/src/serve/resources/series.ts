/** What a tool's calls took, over time; and which tools there are to ask about. */
import { DAY_MS } from '../../model/rollup.ts';
import type { AskContext } from '../askTool.ts';
import { serverNames, toolNames } from '../knownNames.ts';
import { isoTime, parseTimeRange } from '../params.ts';
import { getMetrics } from '../tools/getMetrics.ts';
import { defineResource } from './defineResource.ts';
import { expandUri } from './uriTemplate.ts';

const SERIES_URI = 'mcp-vitals://series/{server}/{tool}{?from,to}';

/** Longer ranges are told by day: a reader takes in some hundred points, and hours are kept for some weeks only. */
const MAX_HOURLY_MS = 7 * DAY_MS;

const QUANTILES = ['p50', 'p95', 'p99'] as const;

export const seriesList = defineResource({
  name: 'series_list',
  title: 'Series',
  description: 'Tools that were called in the last 24 hours, busiest first, each with the address of its series.',
  uri: 'mcp-vitals://series',
  mimeType: 'application/json',
  async read(_, { ask, nowMs }) {
    const range = lastDay(nowMs);
    const { structured } = await ask(getMetrics, { ...range, aggregation: 'p95' });
    const busiest = [...structured.metrics].sort((a, b) => b.count - a.count);
    const series = busiest.map(({ mcpServer, toolName, value, count }) => ({
      uri: expandUri(SERIES_URI, { server: mcpServer, tool: toolName }),
      server: mcpServer,
      tool: toolName,
      calls: count,
      p95Ms: value,
    }));
    return JSON.stringify({ from: range.startTime, to: range.endTime, series });
  },
});

export const series = defineResource({
  name: 'series',
  title: 'Series of a tool',
  description:
    'Calls and p50, p95, p99 of their durations in ms by hour, over 7 days by day; by default the last 24 hours.',
  uri: SERIES_URI,
  mimeType: 'application/json',
  complete: { server: serverNames, tool: toolNames },
  async read({ server, tool, from, to }, context) {
    const last = lastDay(context.nowMs);
    const { fromMs, toMs } = parseTimeRange(from ?? last.startTime, to ?? last.endTime);
    const range = { startTime: isoTime(fromMs), endTime: isoTime(toMs) };
    const groupBy = toMs - fromMs > MAX_HOURLY_MS ? 'day' : 'hour';
    const { points, summary } = await pointsOf({ mcpServer: server, toolName: tool, ...range, groupBy }, context);
    return JSON.stringify({
      server,
      tool,
      from: range.startTime,
      to: range.endTime,
      interval: groupBy,
      summary,
      points,
    });
  },
});

interface Selection {
  mcpServer: string;
  toolName: string;
  startTime: string;
  endTime: string;
  groupBy: 'hour' | 'day';
}

async function pointsOf(selection: Selection, { ask }: AskContext) {
  const answers = await Promise.all(QUANTILES.map((aggregation) => ask(getMetrics, { ...selection, aggregation })));
  const [p50, p95, p99] = answers.map(({ structured }) => structured.metrics);
  // The three see the same rows, unless a call came in between: then the newest has no value in some.
  const valueAt = (rows: typeof p50, at: string) => rows?.find(({ timestamp }) => timestamp === at)?.value ?? null;
  const points = (p50 ?? []).map(({ timestamp, count, value }) => ({
    timestamp,
    calls: count,
    p50Ms: value,
    p95Ms: valueAt(p95, timestamp),
    p99Ms: valueAt(p99, timestamp),
  }));
  return { points, summary: answers[0]!.structured.summary };
}

function lastDay(nowMs: () => number) {
  const toMs = nowMs();
  return { startTime: isoTime(toMs - DAY_MS), endTime: isoTime(toMs) };
}
