/** All that `mcp-vitals prometheus` writes: what to scrape, rules, and where Alertmanager sends what fires. */
import { type Files, yamlFile } from '../files.ts';
import { withoutSlash } from '../subjects.ts';
import { alertmanagerConfig } from './alertmanagerConfig.ts';
import { annotations } from './annotations.ts';
import type { RuleSettings } from './rule.ts';
import { alertGroups, recordingGroups } from './ruleFiles.ts';
import { SCRAPE_JOB, scrapeConfig } from './scrapeConfig.ts';

export interface PrometheusInput {
  settings: RuleSettings;
  /** As Prometheus and Alertmanager reach it. */
  collectorUrl: URL;
  /** Where people reach its page. */
  pageUrl: URL;
  /** File with the token for `/metrics`, as Prometheus sees it; absent: none is needed. */
  readTokenFile: string | undefined;
  /** File with the token for the collector's webhook, as Alertmanager sees it. */
  webhookTokenFile: string;
  alertmanagerUrl: URL;
  docsUrl: string | undefined;
  /** Whether to leave out what the collector judges as well, because it tells Alertmanager itself. */
  onlyMissing: boolean;
}

const GENERATED = 'Written by `mcp-vitals prometheus`. A file that is changed by hand is not written over.';

export function prometheusFiles(input: PrometheusInput): Files {
  const { settings, pageUrl, docsUrl, onlyMissing } = input;
  const annotate = annotations(withoutSlash(pageUrl), docsUrl);
  const alerts = alertGroups(settings, { annotate, job: SCRAPE_JOB, onlyMissing });
  return new Map([
    ['prometheus.yml', yamlFile(GENERATED, scrapeConfig(input))],
    ['alertmanager.yml', yamlFile(GENERATED, alertmanagerConfig(input))],
    ['rules/mcp-vitals-recording.yml', yamlFile(GENERATED, { groups: recordingGroups(settings) })],
    ['rules/mcp-vitals-alerts.yml', yamlFile(GENERATED, { groups: alerts })],
  ]);
}
