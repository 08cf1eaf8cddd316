/** The figures that come first, as cards. */
import { escapeHtml } from '../../model/escape.ts';
import type { MetricChange, Report } from '../../model/report.ts';
import { count, counted, milliseconds, minutes, percent } from '../numbers.ts';
import { changeText } from '../sections/change.ts';
import { severities } from '../sections/severities.ts';

export type Card = [name: string, figure: string, note: string];

export function renderCards(cards: readonly Card[]): string {
  return `<dl class="cards">\n${cards.map(card).join('\n')}\n</dl>`;
}

function card([name, figure, note]: Card): string {
  const notes = note === '' ? '' : `<dd class="note">${escapeHtml(note)}</dd>`;
  return `<div><dt>${escapeHtml(name)}</dt><dd class="figure">${escapeHtml(figure)}</dd>${notes}</div>`;
}

export function cardsOf(report: Report): Card[] {
  const { overall, tools, servers, targetCounts: targets, anomalies, alerts, incidents } = report;
  const resolve = incidents.meanMinutesToResolve;
  const times: Card[] =
    overall.calls === 0
      ? []
      : [
          [
            'Error rate',
            percent(overall.errorRatePercent),
            since(report, 'error_rate') || counted(overall.errors, 'error'),
          ],
          ['Average', milliseconds(overall.avgMs), `p50 ${milliseconds(overall.p50Ms)}`],
          ['p95', milliseconds(overall.p95Ms), since(report, 'p95')],
          ['p99', milliseconds(overall.p99Ms), since(report, 'p99')],
        ];
  return [
    [
      'Calls',
      count(overall.calls),
      since(report, 'calls') || `${counted(tools.length, 'tool')} of ${counted(servers.length, 'server')}`,
    ],
    ...times,
    ['Targets met', `${targets.met} of ${targets.met + targets.missed}`, `${targets.unknown} cannot be told`],
    ['Anomalies', count(anomalies.length), severities(anomalies)],
    ['Alerts', count(alerts.length), resolve === null ? '' : `resolved in ${minutes(resolve)} on average`],
  ];
}

const BEFORE = { daily: 'the day before', weekly: 'the week before', period: '' } as const;

function since({ previous, kind }: Report, metric: MetricChange['metric']): string {
  const change = previous?.changes.find((each) => each.metric === metric);
  return change === undefined || previous?.overall.calls === 0 ? '' : `${changeText(change)} against ${BEFORE[kind]}`;
}
