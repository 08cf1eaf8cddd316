/** Watching a system, a server or a tool for a while: what happens now, as it happens. */
import { z } from 'zod';
import { VitalsError } from '../../../errors.ts';
import {
  type Breach,
  FIGURES_OF_METRIC,
  type FigureSummary,
  MONITOR_METRICS,
  MONITOR_SCOPES,
  type MonitorFigure,
  type MonitorMetric,
  type MonitorRequest,
  type MonitorRun,
  type MonitorSample,
} from '../../../model/monitor.ts';
import { quoteUntrusted } from '../../../model/untrusted.ts';
import { isoTime, nameParam } from '../../params.ts';
import { MONITOR_FORMATS } from '../../ports/monitors.ts';
import type { Services } from '../../ports/services.ts';
import type { ToolCall } from '../../toolBackend.ts';
import { defineTool } from '../defineTool.ts';
import { rounded } from '../rounded.ts';

const MS_PER_SECOND = 1_000;

/** Breaches that are also said in words. */
const MAX_LINES = 10;

const inputSchema = z.strictObject({
  scope: z.enum(MONITOR_SCOPES).optional().describe('default: by what is named'),
  mcpServer: nameParam.optional(),
  toolName: nameParam.optional(),
  metrics: z
    .array(z.enum(MONITOR_METRICS))
    .min(1)
    .default(['cpu', 'memory', 'execution_time', 'throughput', 'error_rate']),
  durationSeconds: z.number().min(1).max(3_600).default(60),
  intervalSeconds: z.number().min(0.1).max(60).default(1),
  thresholds: z
    .partialRecord(z.enum(MONITOR_METRICS), z.number())
    .default({})
    .describe('%, MB, KB/s, ms, calls, calls/s'),
  includeHistorical: z.boolean().default(false).describe('last 24 h beside'),
  format: z.enum(['json', ...MONITOR_FORMATS]).default('json'),
});

export const monitorPerformance = defineTool({
  name: 'monitor_performance',
  title: 'Live monitor',
  description: 'Watch the system, a server or a tool live for durationSeconds; tells progress, can be cancelled.',
  scope: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: inputSchema,
  // What needs a word; times and counts beside it speak for themselves.
  output: z.looseObject({
    cancelled: z.boolean(),
    resolutionMs: z.number().nullable().describe('of what servers report'),
    columns: z.array(z.string()),
    samples: z.array(z.array(z.unknown())).describe('of json'),
    summary: z.array(z.looseObject({})),
    breaches: z.array(z.looseObject({})),
    notes: z.array(z.string()),
    document: z.string().optional(),
  }),

  durationMs: ({ durationSeconds }) => durationSeconds * MS_PER_SECOND,

  async run(input, { monitors }: Pick<Services, 'monitors'>, call) {
    const request = requestOf(input);
    const control = { by: call.caller.client, signal: call.signal, onTick: ticking(request, call) };
    const run = await monitors.run(request, control);
    const document = input.format === 'json' ? undefined : monitors.render(run, input.format);
    const structured = structuredOf(run);
    if (document === undefined) return { structured, text: described(run) };
    return { structured: { ...structured, samples: [], document }, text: document };
  },
});

/** @throws VitalsError `invalid` */
function requestOf(input: z.output<typeof inputSchema>): MonitorRequest {
  const { mcpServer: server, toolName: tool, thresholds, includeHistorical } = input;
  const scope = input.scope ?? (tool !== undefined ? 'tool' : server !== undefined ? 'server' : 'system');
  const missing =
    scope === 'tool' && tool === undefined
      ? 'toolName'
      : scope === 'server' && server === undefined
        ? 'mcpServer'
        : undefined;
  if (missing !== undefined) {
    throw new VitalsError('invalid', `scope ${scope} needs ${missing}`, { hint: 'Name it, or leave scope away.' });
  }
  if (input.intervalSeconds > input.durationSeconds) {
    throw new VitalsError('invalid', 'intervalSeconds is longer than durationSeconds', {
      hint: 'Make the interval shorter, or watch for longer.',
    });
  }
  return {
    scope,
    server: scope === 'system' ? undefined : server,
    tool: scope === 'tool' ? tool : undefined,
    // What has a threshold is looked at, named or not.
    metrics: [...new Set([...input.metrics, ...(Object.keys(thresholds) as MonitorMetric[])])],
    durationMs: Math.round(input.durationSeconds * MS_PER_SECOND),
    intervalMs: Math.round(input.intervalSeconds * MS_PER_SECOND),
    thresholds,
    includeHistorical,
  };
}

/** Tells how far it is, with the newest figures. */
function ticking({ durationMs }: MonitorRequest, { onProgress }: ToolCall) {
  if (onProgress === undefined) return undefined;
  return (elapsedMs: number, newest: MonitorSample | undefined) =>
    onProgress({
      progress: elapsedMs / MS_PER_SECOND,
      total: durationMs / MS_PER_SECOND,
      message: newest === undefined ? 'waiting for the first figures' : figuresText(newest),
    });
}

function figuresText({ figures }: MonitorSample): string {
  const known = Object.entries(figures).filter(([, value]) => value !== null);
  return known.length === 0
    ? 'nothing reported'
    : known.map(([name, value]) => `${name} ${rounded(value!)}`).join(', ');
}

function structuredOf(run: MonitorRun) {
  const columns = Object.keys(run.samples[0]?.figures ?? {}) as MonitorFigure[];
  return {
    startTime: isoTime(run.startMs),
    endTime: isoTime(run.endMs),
    cancelled: run.isCancelled,
    intervalMs: run.intervalMs,
    resolutionMs: run.resolutionMs,
    calls: run.calls,
    errors: run.errors,
    columns: ['time', ...columns],
    samples: run.samples.map(({ atMs, figures }) => [
      isoTime(atMs),
      ...columns.map((name) => roundedOrNull(figures[name])),
    ]),
    summary: run.summary.map(summaryRow),
    breaches: run.breaches.map(({ fromMs, toMs, worst, ...rest }) => {
      return { ...rest, from: isoTime(fromMs), to: isoTime(toMs), worst: rounded(worst) };
    }),
    notes: run.notes,
  };
}

function summaryRow({ figure, min, avg, max, last, usual }: FigureSummary): Record<string, string | number> {
  const now = { figure, min: rounded(min), avg: rounded(avg), max: rounded(max), last: rounded(last) };
  if (usual === undefined) return now;
  return { ...now, usualAvg: rounded(usual.avg), usualLow: rounded(usual.low), usualHigh: rounded(usual.high) };
}

function roundedOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : rounded(value);
}

function described(run: MonitorRun): string {
  const seconds = rounded((run.endMs - run.startMs) / MS_PER_SECOND);
  const head = `${subjectOf(run)} for ${seconds} s: ${run.calls} calls, ${run.errors} failed.`;
  return [head, ...run.notes, ...run.summary.map(line), ...run.breaches.slice(0, MAX_LINES).map(breachLine)].join('\n');
}

function subjectOf({ scope, server, tool }: MonitorRun): string {
  if (scope === 'system') return 'The system';
  const names = [tool, server].flatMap((name) => (name === undefined ? [] : quoteUntrusted(name)));
  return names.join(' of ');
}

function line({ figure, min, avg, max, usual }: FigureSummary): string {
  const usually = usual === undefined ? '' : `; usually ${rounded(usual.low)} to ${rounded(usual.high)}`;
  return `- ${figure}: ${rounded(avg)} (${rounded(min)} to ${rounded(max)})${usually}`;
}

function breachLine({ metric, threshold, fromMs, toMs, worst }: Breach): string {
  const figure = FIGURES_OF_METRIC[metric][0];
  return `- ${figure} beyond ${threshold} from ${isoTime(fromMs)} to ${isoTime(toMs)}, at worst ${rounded(worst)}`;
}
