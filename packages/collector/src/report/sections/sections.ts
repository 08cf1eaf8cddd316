/** A report as sections of paragraphs, tables and lists; Markdown and HTML only draw them. */
import type { Report, ReportKind } from '../../model/report.ts';
import { code } from '../names.ts';
import { dateTime } from '../numbers.ts';
import { alerts, anomalies } from './alerts.ts';
import type { Section } from './block.ts';
import { bottlenecks } from './bottlenecks.ts';
import { changes } from './changes.ts';
import { dailySummary } from './daily.ts';
import { executiveSummary } from './executive.ts';
import { performanceMetrics } from './metrics.ts';
import { recommendations } from './recommendations.ts';
import { trendAnalysis } from './trends.ts';
import { weekOverWeek } from './weekly.ts';

const NAME: Record<ReportKind, string> = {
  period: 'Performance report',
  daily: 'Daily performance summary',
  weekly: 'Weekly performance report',
};

/** E.g. `Performance report of "files"`, as Markdown. */
export function reportName({ kind, server }: Report): string {
  return `${NAME[kind]}${server === undefined ? '' : ` of ${code(server)}`}`;
}

export function periodOf({ fromMs, toMs }: Report): string {
  return `${dateTime(fromMs)} to ${dateTime(toMs)} UTC`;
}

export function reportTitle(report: Report): string {
  return `${reportName(report)}, ${periodOf(report)}`;
}

/** The seven of every report, and what was changed meanwhile where anything was; before them, of a day and of a week, what is new since the one before. */
export function sectionsOf(report: Report): Section[] {
  return [
    ...(report.kind === 'daily' ? [{ title: 'Daily Summary', blocks: dailySummary(report) }] : []),
    { title: 'Executive Summary', blocks: executiveSummary(report) },
    ...(report.kind === 'weekly' ? [{ title: 'Week over Week', blocks: weekOverWeek(report) }] : []),
    { title: 'Performance Metrics', blocks: performanceMetrics(report) },
    { title: 'Anomalies Detected', blocks: anomalies(report.anomalies) },
    { title: 'Alerts Triggered', blocks: alerts(report) },
    ...(report.changes ? [{ title: 'Changes in This Period', blocks: changes(report.changes) }] : []),
    { title: 'Top Bottlenecks', blocks: bottlenecks(report) },
    { title: 'Recommendations', blocks: recommendations(report) },
    { title: 'Trend Analysis', blocks: trendAnalysis(report) },
  ];
}
