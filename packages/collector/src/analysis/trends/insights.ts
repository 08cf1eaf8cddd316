/** What the figures mean, in sentences with their numbers; the gravest first. Names of servers and tools are left to whoever shows them. */
import { DAY_MS, HOUR_MS } from '../../model/rollup.ts';
import {
  type Capacity,
  type ChangePoint,
  type Correlation,
  type Insight,
  type InsightSeverity,
  type SeriesTrend,
  UNIT_OF_METRIC,
  WORDS_OF_METRIC,
} from '../../model/trends.ts';
import { dayAndHour, dayOf, daysBetween, figure, signedPercent } from './words.ts';

const SEVERITIES: readonly InsightSeverity[] = ['critical', 'high', 'medium', 'low', 'info'];
const MAX_INSIGHTS = 30;

/** More calls are neither good nor bad. */
const isBad = ({ metric }: SeriesTrend): boolean => metric !== 'throughput';

export interface Now {
  /** Where what is known ends. */
  endMs: number;
  stepMs: number;
}

export function insightsOf(series: readonly SeriesTrend[], correlations: readonly Correlation[], now: Now): Insight[] {
  const all = [
    ...series.flatMap((each) => [
      ...capacityInsight(each, now),
      ...slopeInsight(each),
      ...changeInsight(each, now),
      ...anomalyInsight(each),
      ...seasonInsight(each),
    ]),
    ...correlations.map(correlationInsight),
  ];
  return all.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)).slice(0, MAX_INSIGHTS);
}

function about({ server, tool }: SeriesTrend, severity: InsightSeverity, text: string): Insight {
  return { severity, about: { server, tool }, text };
}

const words = ({ metric }: SeriesTrend) => WORDS_OF_METRIC[metric];
const shown = (value: number, { metric }: Pick<SeriesTrend, 'metric'>) => figure(value, UNIT_OF_METRIC[metric]);

function capacityInsight(trend: SeriesTrend, { endMs }: Now): Insight[] {
  const { capacity, forecast } = trend;
  if (capacity === null || forecast === null) return [];
  const untilMs = forecast.startMs + forecast.middle.length * forecast.stepMs;
  const severity = capacitySeverity(capacity, endMs);
  return [about(trend, severity, `${words(trend)} ${capacityWords(trend, capacity, endMs, untilMs)}`)];
}

/**
 * E.g. `reaches 500 ms between 3 and 19 March, most likely on 9 March`.
 * @param untilMs end of the forecast
 */
export function capacityWords(trend: SeriesTrend, capacity: Capacity, nowMs: number, untilMs: number): string {
  const { outcome, earliestMs, likelyMs, latestMs, limit } = capacity;
  const of = shown(limit, trend);
  const horizon = dayOf(untilMs, nowMs);
  switch (outcome) {
    case 'already':
      return `is at ${shown(trend.latest, trend)} already, beyond ${of}`;
    case 'not':
      return `does not reach ${of} before ${horizon}, in nine paths of ten`;
    case 'possible':
      return `may reach ${of} from ${dayOf(earliestMs!, nowMs)} on, though it more likely does not before ${horizon}`;
    case 'reached': {
      const [earliest, likely] = [dayOf(earliestMs!, nowMs), dayOf(likelyMs!, nowMs)];
      if (latestMs === null) return `reaches ${of} after ${earliest}, most likely on ${likely}`;
      const isSure = earliest === dayOf(latestMs, nowMs);
      return `reaches ${of} ${isSure ? `about ${likely}` : `${daysBetween(earliestMs!, latestMs, nowMs)}, most likely on ${likely}`}`;
    }
  }
}

function capacitySeverity({ outcome, likelyMs }: Capacity, endMs: number): InsightSeverity {
  if (outcome === 'not') return 'info';
  if (outcome === 'possible') return 'low';
  if (outcome === 'already' || likelyMs! <= endMs + DAY_MS) return 'critical';
  return likelyMs! <= endMs + 7 * DAY_MS ? 'high' : 'medium';
}

/** Of the median per week: from here on a slope is grave. */
const STEEP_PERCENT_PER_WEEK = 20;

function slopeInsight(trend: SeriesTrend): Insight[] {
  const { slope } = trend;
  if (slope === null || slope.direction === 'stable' || slope.isStaircase) return [];
  const { perDay, interval, percentPerDay, direction } = slope;
  const [low, high] = interval.map((edge) => figure(edge, ''));
  const relative = percentPerDay === null ? '' : `, ${signedPercent(percentPerDay)} of the median`;
  const isSteep = Math.abs(7 * (percentPerDay ?? 0)) >= STEEP_PERCENT_PER_WEEK;
  const severity = !isBad(trend) || direction === 'falling' ? 'info' : isSteep ? 'medium' : 'low';
  // Per cent become more or less by points.
  const unit = UNIT_OF_METRIC[trend.metric];
  const by = figure(Math.abs(perDay), unit === '%' ? 'points' : unit);
  return [
    about(
      trend,
      severity,
      `${words(trend)} ${direction === 'rising' ? 'rises' : 'falls'} by ${by} a day (95 %: ${low} to ${high})${relative}`,
    ),
  ];
}

/** What changes more often has none. */
const MAX_LEVELS = 8;
/** Of a level before: from here on a shift is grave. */
const LARGE_SHIFT_PERCENT = 20;

function changeInsight(trend: SeriesTrend, { endMs }: Now): Insight[] {
  const newest = trend.changePoints.at(-1);
  if (newest === undefined) return [];
  if (trend.changePoints.length > MAX_LEVELS) {
    return [
      about(trend, 'info', `${words(trend)} has no level that holds: it changed ${trend.changePoints.length} times`),
    ];
  }
  const change = changePercent(newest);
  const isWorse = isBad(trend) && newest.after > newest.before;
  const severity = isWorse && (change === null || change >= LARGE_SHIFT_PERCENT) ? 'medium' : 'info';
  const relative = change === null ? '' : ` (${signedPercent(change)})`;
  const earlier = trend.changePoints.length === 1 ? '' : `; ${trend.changePoints.length - 1} earlier`;
  const from = `from ${shown(newest.before, trend)} to ${shown(newest.after, trend)}${relative}`;
  return [
    about(
      trend,
      severity,
      `${words(trend)} went ${from} about ${dayAndHour(newest.atMs, endMs)}, and stayed${earlier}`,
    ),
  ];
}

function changePercent({ before, after }: ChangePoint): number | null {
  return before === 0 ? null : (100 * (after - before)) / Math.abs(before);
}

function anomalyInsight(trend: SeriesTrend): Insight[] {
  const { anomalies } = trend;
  if (anomalies.length === 0) return [];
  const worst = anomalies.reduce((a, b) => (Math.abs(b.score) > Math.abs(a.score) ? b : a));
  const severity = isBad(trend) && worst.score > 0 ? 'low' : 'info';
  const count = ['once', 'twice'][anomalies.length - 1] ?? `${anomalies.length} times`;
  const farthest = `${shown(worst.value, trend)} instead of ${shown(worst.expected, trend)} at ${dayAndHour(worst.fromMs, worst.toMs)}`;
  return [about(trend, severity, `${words(trend)} was far off ${count}, farthest ${farthest}`)];
}

const MIN_TOLD_STRENGTH = 0.5;

function seasonInsight(trend: SeriesTrend): Insight[] {
  const { dayStrength, weekStrength, busiestHour, quietestHour } = trend.seasonality;
  const found = [];
  if (dayStrength !== null && dayStrength >= MIN_TOLD_STRENGTH && busiestHour !== null) {
    found.push(
      `day by day (strength ${dayStrength.toFixed(2)}), highest about ${busiestHour}:00 and lowest about ${quietestHour}:00 UTC`,
    );
  }
  if (weekStrength !== null && weekStrength >= MIN_TOLD_STRENGTH) {
    found.push(`week by week (strength ${weekStrength.toFixed(2)})`);
  }
  return found.length === 0 ? [] : [about(trend, 'info', `${words(trend)} repeats ${found.join(', and ')}`)];
}

function correlationInsight({ a, b, lagMs, coefficient, falseShare }: Correlation): Insight {
  const [first, second] = lagMs < 0 ? [b, a] : [a, b];
  const later = lagMs === 0 ? '' : `, ${laterWords(Math.abs(lagMs))} later,`;
  const how = coefficient > 0 ? 'follows' : 'goes against';
  const sure = falseShare < 0.001 ? 'under 0.1' : (100 * falseShare).toFixed(1);
  const isSame = first.server === second.server && first.tool === second.tool;
  const verb = lagMs === 0 ? (coefficient > 0 ? 'moves with' : 'moves against') : how;
  const text = `${WORDS_OF_METRIC[second.metric]}${later} ${verb} ${WORDS_OF_METRIC[first.metric]} (rank correlation ${coefficient.toFixed(2)}; ${sure} % of such findings are false at most)`;
  return {
    severity: 'info',
    about: { server: second.server, tool: second.tool },
    text: isSame ? text : `${text} of`,
    ...(!isSame && { other: { server: first.server, tool: first.tool } }),
  };
}

function laterWords(lagMs: number): string {
  const hours = lagMs / HOUR_MS;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
