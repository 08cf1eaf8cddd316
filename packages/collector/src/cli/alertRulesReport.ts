/** What `mcp-vitals alerts rules` and `alerts thresholds` print. Names are a stranger's, and escaped here. */
import type { Threshold } from '../model/alert.ts';
import { visibleText } from '../model/visibleText.ts';
import { workspaceMeant } from '../model/workspace.ts';

/** As `GET /alert-rules` answers. */
export interface PresentedRule {
  name: string;
  server: string;
  tool: string;
  metric: string;
  operator: string;
  threshold: number;
  severity: string;
  grade?: string;
  periodMinutes: number;
  channels?: string[];
  resolvesBy: 'people' | 'policy';
  isFixed: boolean;
}

const MAX_NAME = 60;

export function describeRules(rules: readonly PresentedRule[]): string {
  if (rules.length === 0) return 'There are no rules; set_performance_alert and the setting alerts.rules make them.';
  return rules.map(describeRule).join('\n');
}

function describeRule(rule: PresentedRule): string {
  const { name, server, tool, metric, operator, threshold, severity, grade = severity, periodMinutes } = rule;
  const notes = [
    rule.channels && `told to ${rule.channels.map((channel) => shown(channel)).join(', ') || 'nobody'}`,
    rule.resolvesBy === 'policy' && 'may apply a policy',
    rule.isFixed && 'from the settings',
  ].filter((note) => typeof note === 'string');
  const condition = `${metric} ${operator} ${threshold} over ${periodMinutes} min`;
  return `${shown(name)}: ${grade}, ${condition}, ${subject(server, tool)}${notes.map((note) => `, ${note}`).join('')}`;
}

export function describeThresholds(thresholds: readonly Threshold[]): string {
  return thresholds
    .map(({ thresholdId, server, tool, metric, severity, threshold, enabled }) => {
      const unit = metric === 'response_time' ? 'ms' : '%';
      const limit = enabled ? `${metric} > ${threshold} ${unit}` : `${metric} is not judged`;
      return `${thresholdId}: ${severity}, ${limit}, ${subject(server || '*', tool || '*')}`;
    })
    .join('\n');
}

function subject(server: string, tool: string): string {
  const workspace = workspaceMeant(server);
  const within = workspace === undefined ? '' : ` in ${workspace}`;
  const isAny = server === '*' || workspace !== undefined;
  if (isAny && tool === '*') return `everywhere${within}`;
  return tool === '*' ? shown(server) : `${shown(tool)} of ${isAny ? `any server${within}` : shown(server)}`;
}

function shown(text: string): string {
  return visibleText(text, MAX_NAME);
}
