/** What `mcp-vitals alerts` prints. Names are a stranger's, and escaped here. */
import type { AlertQuality, ObjectiveStatus, Silence, ThresholdProposal } from '../model/alert.ts';
import { significant } from '../model/significant.ts';
import { visibleText } from '../model/visibleText.ts';

export type PresentedSilence = Omit<Silence, 'fromMs' | 'untilMs'> & { from: string; until: string };

const MAX_NAME = 60;

export function describeSilences(silences: readonly PresentedSilence[]): string {
  if (silences.length === 0) return 'Nothing is silenced.';
  return silences
    .map(({ silenceId, server, tool, until, by, reason }) => {
      const what = tool === '*' ? shown(server) : `${shown(tool)} of ${shown(server)}`;
      return `${silenceId}: ${what} until ${until}, by ${shown(by)}${reason === '' ? '' : `, ${shown(reason)}`}`;
    })
    .join('\n');
}

export function describeQuality(quality: AlertQuality & { days: number }): string {
  const { days, alerts, useful, false: wrong, falseAlarmPercent, meanMinutesToEnd } = quality;
  const rate =
    falseAlarmPercent === null
      ? 'unknown: mark some with `mcp-vitals alerts mark`'
      : `${significant(falseAlarmPercent)} %`;
  return [
    `Alerts of the last ${days} days: ${alerts}`,
    `  marked useful: ${useful}, false: ${wrong}`,
    `  false-alarm rate: ${rate}`,
    `  mean time to the end: ${meanMinutesToEnd === null ? 'none has ended' : `${significant(meanMinutesToEnd)} min`}`,
  ].join('\n');
}

export function describeProposals(proposals: readonly ThresholdProposal[]): string {
  if (proposals.length === 0) return 'The thresholds in force fit what was seen, or there is too little history.';
  const lines = proposals.map((proposal) => {
    const { server, tool, metric, severity, current, proposed, hours, hoursAboveCurrent, hoursAboveProposed } =
      proposal;
    const unit = metric === 'response_time' ? 'ms' : '%';
    const now = current === null ? 'none' : `${current} ${unit} (exceeded in ${hoursAboveCurrent} of ${hours} hours)`;
    return `${shown(tool)} of ${shown(server)}, ${metric} ${severity}: ${proposed} ${unit} (${hoursAboveProposed} of ${hours}) instead of ${now}`;
  });
  return [...lines, '', 'Nothing was set. set_alert_threshold sets one.'].join('\n');
}

export function describeObjectives(objectives: readonly ObjectiveStatus[]): string {
  if (objectives.length === 0) return 'No objectives are set; see the setting `objectives`.';
  return objectives
    .map(({ name, server, tool, objectivePercent, windowDays, calls, goodPercent, budgetLeftPercent, burnRates }) => {
      const what = tool === '' ? shown(server) : `${shown(tool)} of ${shown(server)}`;
      const good = goodPercent === null ? 'no calls' : `${goodPercent.toFixed(3)} % of ${calls} calls were good`;
      const burning = Object.entries(burnRates).map(([window, rate]) => `${window} ${significant(rate)}x`);
      return [
        `${shown(name)}, ${what}: ${objectivePercent} % in ${windowDays} days`,
        `  ${good}; ${significant(budgetLeftPercent)} % of the error budget is left; burning at ${burning.join(', ')}`,
      ].join('\n');
    })
    .join('\n');
}

function shown(text: string): string {
  return visibleText(text, MAX_NAME);
}
