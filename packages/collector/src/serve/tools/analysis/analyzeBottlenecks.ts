/** What makes servers slow: findings with the numbers they rest on, and what to do. */
import { z } from 'zod';
import { VitalsError } from '../../../errors.ts';
import {
  BOTTLENECK_SEVERITIES,
  BOTTLENECK_TYPES,
  type BottleneckAnalysis,
  severityRank,
  TYPES_OF_CAUSE,
} from '../../../model/bottleneck.ts';
import { REPORT_FORMATS } from '../../../model/report.ts';
import { DAY_MS, HOUR_MS } from '../../../model/rollup.ts';
import type { TimeRange } from '../../../store/store.ts';
import { nameParam, parseTimeRange, timeParam } from '../../params.ts';
import type { Services } from '../../ports/services.ts';
import type { ToolCall } from '../../toolBackend.ts';
import { defineTool } from '../defineTool.ts';
import { bottleneckShape, presentedBottleneck } from './bottleneckShape.ts';
import { bottlenecksText } from './bottlenecksText.ts';

const RANGES = { last_hour: HOUR_MS, last_day: DAY_MS, last_week: 7 * DAY_MS } as const;

const input = z.strictObject({
  scope: z.enum(['system', 'server', 'tool']).default('system'),
  mcpServer: nameParam.optional(),
  toolName: nameParam.optional(),
  timeRange: z.enum(['last_hour', 'last_day', 'last_week', 'custom']).default('last_hour'),
  startTime: timeParam.optional().describe('custom: ISO 8601'),
  endTime: timeParam.optional(),
  types: z.array(z.enum(BOTTLENECK_TYPES)).min(1).optional(),
  severityThreshold: z.enum(BOTTLENECK_SEVERITIES).default('medium'),
  includeRecommendations: z.boolean().default(true),
  report: z.enum(REPORT_FORMATS).optional().describe('Adds a document'),
});
type Input = z.output<typeof input>;

export const analyzeBottlenecks = defineTool({
  name: 'analyze_bottlenecks',
  title: 'Analyze bottlenecks',
  description: 'What makes servers slow: causes with severity, confidence, evidence, cost and what to do.',
  scope: 'read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input,
  output: z.looseObject({
    bottlenecks: z.array(bottleneckShape).describe('Worst first'),
    belowThreshold: z.number(),
    notJudged: z.array(z.looseObject({})),
    report: z.string().optional(),
  }),

  async run(
    asked,
    { bottlenecks, reports, clock }: Pick<Services, 'bottlenecks' | 'reports' | 'clock'>,
    call: ToolCall,
  ) {
    requireTarget(asked);
    const range = rangeOf(asked, clock.nowMs());
    const server = asked.scope === 'system' ? undefined : asked.mcpServer;
    const tool = asked.scope === 'tool' ? asked.toolName : undefined;
    const analysis = await bottlenecks.analyze({ ...range, server, tool }, call);
    const { shown, belowThreshold } = selected(analysis, asked);
    const document = asked.report === undefined ? undefined : reports.renderBottlenecks(shown, asked.report);
    return {
      structured: {
        bottlenecks: shown.findings.map(presentedBottleneck),
        belowThreshold,
        calls: shown.calls,
        notJudged: shown.notJudged.map(({ server: mcpServer, reason }) => ({ mcpServer, reason })),
        ...(document !== undefined && { report: document }),
      },
      text: bottlenecksText(shown, belowThreshold, asked.severityThreshold),
    };
  },
});

/** @throws VitalsError `invalid` */
function requireTarget({ scope, mcpServer, toolName }: Input): void {
  if (scope === 'server' && mcpServer === undefined) {
    throw new VitalsError('invalid', 'The scope server needs mcpServer', { hint: 'Name the server, or use system.' });
  }
  if (scope === 'tool' && toolName === undefined) {
    throw new VitalsError('invalid', 'The scope tool needs toolName', { hint: 'Name the tool, or use server.' });
  }
  if ((scope === 'system' && mcpServer !== undefined) || (scope !== 'tool' && toolName !== undefined)) {
    throw new VitalsError('invalid', `The scope ${scope} is wider than what is named`, {
      hint: 'Use the scope server with mcpServer, or tool with toolName.',
    });
  }
}

/** @throws VitalsError `invalid` */
function rangeOf({ timeRange, startTime, endTime }: Input, nowMs: number): TimeRange {
  if (timeRange !== 'custom') {
    if (startTime === undefined && endTime === undefined) return { fromMs: nowMs - RANGES[timeRange], toMs: nowMs };
    throw new VitalsError('invalid', 'startTime and endTime go with the range custom', {
      hint: 'Set timeRange to custom.',
    });
  }
  if (startTime === undefined || endTime === undefined) {
    throw new VitalsError('invalid', 'The range custom needs startTime and endTime', {
      hint: 'Give both in ISO 8601.',
    });
  }
  return parseTimeRange(startTime, endTime);
}

function selected(
  analysis: BottleneckAnalysis,
  { types, severityThreshold, includeRecommendations }: Input,
): { shown: BottleneckAnalysis; belowThreshold: number } {
  const ofTypes = analysis.findings.filter(
    ({ cause }) => types === undefined || TYPES_OF_CAUSE[cause].some((type) => types.includes(type)),
  );
  const findings = ofTypes
    .filter(({ severity }) => severityRank(severity) >= severityRank(severityThreshold))
    .map((finding) => (includeRecommendations ? finding : { ...finding, advice: [] }));
  return { shown: { ...analysis, findings }, belowThreshold: ofTypes.length - findings.length };
}
