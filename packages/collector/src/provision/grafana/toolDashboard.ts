/** The dashboard of one tool. Its names come from strangers: in queries they are quoted, in texts escaped. */

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Text, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { labelValue } from '@mcp-vitals/prometheus';
import { escapeMarkdown } from '../../model/escape.ts';
import { visibleText } from '../../model/visibleText.ts';
import { exactly } from '../promql.ts';
import { matchersOf, stableId, type ToolName, toolPage } from '../subjects.ts';
import { limitOf, type ThresholdInForce } from '../thresholds.ts';
import { dashboardOf, linkTo } from './dashboardOf.ts';
import { alertMark, deployMark } from './marks.ts';
import { OVERVIEW_UID, TAG, TOOL_TAG } from './overview.ts';
import type { Limit } from './panelSpec.ts';
import { toolRows } from './toolRows.ts';

export interface ToolDashboardInput {
  name: ToolName;
  /** Unique among the dashboards. */
  title: string;
  /** Of the collector's page, without a slash at its end. */
  pageUrl: string;
  thresholds: readonly ThresholdInForce[];
}

export function toolDashboard({ name, title, pageUrl, thresholds }: ToolDashboardInput): Dashboard {
  const ofTool = matchersOf(name);
  return dashboardOf({
    uid: `mcp-vitals-${stableId(name)}`,
    title,
    description: 'One tool of one MCP server, from the metrics of the collector of mcp-vitals.',
    tags: [TAG, TOOL_TAG],
    head: (id) => header(name, pageUrl, id),
    rows: toolRows(ofTool, responseTimeLimits(name, thresholds)),
    links: [
      linkTo('All servers', `/d/${OVERVIEW_UID}`).targetBlank(false).icon('dashboard').tooltip('').keepTime(true),
      linkTo('In mcp-vitals', toolPage(pageUrl, name)),
    ],
    marks: [deployMark([exactly('server', labelValue(name.server))]), alertMark(ofTool)],
  });
}

const MAX_TOOL_LENGTH = 90;
const MAX_SERVER_LENGTH = 60;

/** As people may see it in lists. */
export function toolTitle({ server, tool }: ToolName): string {
  return `${visibleText(tool, MAX_TOOL_LENGTH)} · ${visibleText(server, MAX_SERVER_LENGTH)}`;
}

function header(name: ToolName, pageUrl: string, id: number): Builder<Panel> {
  const tool = markdownOf(visibleText(name.tool, MAX_TOOL_LENGTH));
  const server = markdownOf(visibleText(name.server, MAX_SERVER_LENGTH));
  return new Text()
    .id(id)
    .title('')
    .description('Whose dashboard this is, and where to see more of it.')
    .transparent(true)
    .span(24)
    .height(3)
    .mode(TextMode.Markdown)
    .content(`# ${tool}\n\nA tool of the MCP server ${server} · [in mcp-vitals](${toolPage(pageUrl, name)})`);
}

/** A `$` would begin a variable of Grafana's. */
function markdownOf(text: string): string {
  return escapeMarkdown(text).replaceAll('$', '&#36;');
}

/** The thresholds in force, where they are enabled. */
function responseTimeLimits(name: ToolName, thresholds: readonly ThresholdInForce[]): Limit[] {
  const limits = [
    { severity: 'warning', colour: 'orange' },
    { severity: 'critical', colour: 'red' },
  ] as const;
  return limits.flatMap(({ severity, colour }) => {
    const limitMs = limitOf(thresholds, { metric: 'response_time', severity }, name);
    return limitMs === undefined ? [] : [{ from: limitMs / 1000, colour }];
  });
}
