/**
 * Burn rates of error budgets over several windows, with the windows and factors of the collector: a long one tells that
 * it matters, a short one that it goes on.
 */
import { labelValue } from '@mcp-vitals/prometheus';
import { BURN_WINDOWS, type BurnWindow, MIN_BAD_CALLS } from '../../model/burnWindows.ts';
import {
  COLLECTOR_FAMILIES,
  errorRatio,
  fraction,
  increase,
  type Question,
  rate,
  SERVER_FAMILIES,
} from '../expressions.ts';
import { bucketMatcher, duration, exactly, type Matcher, metric, selector } from '../promql.ts';
import { matchersOf } from '../subjects.ts';
import type { Annotate } from './annotations.ts';
import {
  type AlertRule,
  literal,
  type ObjectiveInForce,
  OWN_LABELS,
  type RecordingRule,
  SERVER_LABEL,
} from './rule.ts';

const BUCKETS: readonly number[] = SERVER_FAMILIES.toolDuration.buckets ?? [];

const SPANS_MS = [...new Set(BURN_WINDOWS.flatMap(({ longMs, shortMs }) => [shortMs, longMs]))].sort((a, b) => a - b);

const recordedName = (spanMs: number): string => `objective:mcp_bad_calls:ratio_rate${duration(spanMs)}`;

/** What stands for a good call among the buckets. */
type Bound =
  | { kind: 'no_error' }
  | { kind: 'bucket'; seconds: number }
  /** Between two buckets: the collector's own figure, and the bucket below it, where there is one. */
  | { kind: 'gauge'; belowSeconds: number | undefined };

function boundOf({ withinMs }: ObjectiveInForce): Bound {
  if (withinMs === undefined) return { kind: 'no_error' };
  const seconds = withinMs / 1000;
  if (BUCKETS.includes(seconds)) return { kind: 'bucket', seconds };
  return { kind: 'gauge', belowSeconds: BUCKETS.findLast((bound) => bound < seconds) };
}

/** The share of bad calls over each window, of the objectives that are judged by counting. */
export function objectiveRecordings(objectives: readonly ObjectiveInForce[]): RecordingRule[] {
  return objectives.flatMap((objective) => {
    const bound = boundOf(objective);
    if (bound.kind === 'gauge') return [];
    const { name, server, tool } = objective;
    const labels = {
      objective: labelValue(name),
      server: labelValue(server),
      ...(tool !== '' && { tool: labelValue(tool) }),
    };
    return SPANS_MS.map((spanMs) => ({
      record: recordedName(spanMs),
      expr: badRatio(bound, questionOf(objective, spanMs)),
      labels,
    }));
  });
}

export function objectiveRules(objectives: readonly ObjectiveInForce[], annotate: Annotate): AlertRule[] {
  return objectives.flatMap((objective) =>
    BURN_WINDOWS.filter((window) => isReachable(objective, window)).map((window) => ({
      alert: 'ErrorBudgetBurn',
      expr: burnExpression(objective, window),
      for: '2m',
      labels: {
        severity: window.severity,
        objective: literal(labelValue(objective.name)),
        window: window.name,
        ...OWN_LABELS,
      },
      annotations: annotate('ErrorBudgetBurn', 'server', {
        summary: `The error budget of {{ $labels.objective }} burns`,
        description: `{{ $labels.objective }} of ${SERVER_LABEL}: the error budget is used over ${window.factor} times as fast as it may, over ${window.name} and still over ${duration(window.shortMs)}.`,
      }),
    })),
  );
}

const budgetOf = ({ objectivePercent }: ObjectiveInForce): number => fraction(100 - objectivePercent);

/** With a large budget, not even failure of every call burns it so fast. */
export const isReachable = (objective: ObjectiveInForce, { factor }: BurnWindow): boolean =>
  factor * budgetOf(objective) < 1;

function burnExpression(objective: ObjectiveInForce, window: BurnWindow): string {
  const bound = boundOf(objective);
  const limit = `${window.factor} * ${budgetOf(objective)}`;
  if (bound.kind === 'gauge') return gaugeExpression(objective, window, bound.belowSeconds, limit);
  const own = [exactly('objective', labelValue(objective.name))];
  return [
    `${selector(recordedName(window.longMs), own)} > ${limit}`,
    `and on (objective) ${selector(recordedName(window.shortMs), own)} > ${limit}`,
    `and on () ${badCalls(bound, questionOf(objective, window.longMs))} >= ${MIN_BAD_CALLS}`,
  ].join('\n');
}

/**
 * The collector knows exactly how fast it burns over the long window. That it still does is asked of the next bucket below,
 * which counts some good calls as bad and so never ends an alert too early.
 */
function gaugeExpression(
  objective: ObjectiveInForce,
  { factor, name, shortMs }: BurnWindow,
  belowSeconds: number | undefined,
  limit: string,
): string {
  const own: Matcher[] = [exactly('objective', labelValue(objective.name)), ['window', '=', name]];
  const burning = `max by (server, objective) (${metric(COLLECTOR_FAMILIES.objectiveBurnRate, own)}) > ${factor}`;
  if (belowSeconds === undefined) return burning;
  const short = badRatio({ kind: 'bucket', seconds: belowSeconds }, questionOf(objective, shortMs));
  return `${burning}\nand on () ${short} > ${limit}`;
}

function questionOf(objective: ObjectiveInForce, spanMs: number): Question {
  return { matchers: matchersOf(objective), span: duration(spanMs), by: [] };
}

type Counted = Exclude<Bound, { kind: 'gauge' }>;

function badRatio(bound: Counted, question: Question): string {
  if (bound.kind === 'no_error') return errorRatio(question);
  const within = { ...question, matchers: [...question.matchers, bucketMatcher(bound.seconds)] };
  const { toolDuration } = SERVER_FAMILIES;
  return `(1 - ${rate(toolDuration, within, 'bucket')} / ${rate(toolDuration, question, 'count')})`;
}

function badCalls(bound: Counted, question: Question): string {
  const { toolDuration, toolRequests } = SERVER_FAMILIES;
  if (bound.kind === 'no_error')
    return increase(toolRequests, { ...question, matchers: [...question.matchers, ['status', '=', 'error']] });
  const within = { ...question, matchers: [...question.matchers, bucketMatcher(bound.seconds)] };
  return `${increase(toolDuration, question, 'count')} - ${increase(toolDuration, within, 'bucket')}`;
}
