/** The two files of rules. */
import { OWN_SOURCE } from '../../model/alert.ts';
import type { Annotate } from './annotations.ts';
import { objectiveRecordings, objectiveRules } from './objectiveRules.ts';
import { recordingRules } from './recording.ts';
import type { AlertRule, RecordingRule, RuleGroup, RuleSettings } from './rule.ts';
import { thresholdRules } from './thresholdRules.ts';
import { collectorRules, silenceRules, specificationRules } from './watchRules.ts';

const INTERVAL = '30s';

export function recordingGroups(settings: RuleSettings): RuleGroup<RecordingRule>[] {
  return withoutEmpty([
    { name: 'mcp-vitals-recording', interval: INTERVAL, rules: recordingRules(settings) },
    { name: 'mcp-vitals-objectives', interval: INTERVAL, rules: objectiveRecordings(settings.objectives) },
  ]);
}

export interface AlertGroupOptions {
  annotate: Annotate;
  job: string;
  /** Whether to leave out what the collector judges as well, because it tells Alertmanager itself. */
  onlyMissing: boolean;
}

export function alertGroups(settings: RuleSettings, options: AlertGroupOptions): RuleGroup<AlertRule>[] {
  const { annotate, job, onlyMissing } = options;
  const groups = {
    'mcp-vitals-thresholds': thresholdRules(settings, annotate),
    'mcp-vitals-burn-rates': objectiveRules(settings.objectives, annotate),
    'mcp-vitals-caches-and-databases': specificationRules(settings, annotate),
    'mcp-vitals-silence': silenceRules(job, annotate),
    'mcp-vitals-collector': collectorRules(annotate),
  };
  const isWanted = ({ labels }: AlertRule) => !onlyMissing || labels.source !== OWN_SOURCE;
  return withoutEmpty(
    Object.entries(groups).map(([name, rules]) => ({ name, interval: INTERVAL, rules: rules.filter(isWanted) })),
  );
}

function withoutEmpty<Rule>(groups: RuleGroup<Rule>[]): RuleGroup<Rule>[] {
  return groups.filter(({ rules }) => rules.length > 0);
}
