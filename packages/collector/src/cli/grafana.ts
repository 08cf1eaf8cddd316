/** `mcp-vitals grafana`: dashboards of all servers and of each tool, and the files that have Grafana find them. */
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { writeFiles } from '../provision/files.ts';
import { grafanaFiles } from '../provision/grafana/grafanaFiles.ts';
import type { ToolName } from '../provision/subjects.ts';
import { type CollectorFacts, collectorFacts, pageUrlOf, tokenFile, urlOf } from './collectorFacts.ts';
import { withConfigOptions } from './configOptions.ts';
import { describeWritten } from './writtenReport.ts';

interface GrafanaFlags extends ConfigFlags {
  out: string;
  days: number;
  collector?: string;
  page?: string;
  prometheus: string;
  alertmanager: string;
  dashboardsPath?: string;
  tokenFile?: string;
  traces?: string;
  slack?: boolean;
  overwrite?: boolean;
}

const MANIFEST = '.mcp-vitals-grafana.json';

/** More are a list that nobody looks through; those called most are written. */
const MAX_TOOLS = 500;

/** Weeks of many tools are read. */
const TIMEOUT_MS = 60_000;

export function grafanaCommand(program: Command): void {
  withConfigOptions(
    program
      .command('grafana')
      .description('write dashboards of all servers and of each tool, and provisioning of Grafana')
      .requiredOption('--out <dir>', 'where to write; made when it is not there')
      .option('--days <number>', 'tools that were called within so many days have a dashboard', daysOf, 30)
      .option('--collector <url>', 'the collector, as Grafana reaches it (default: where it listens)')
      .option('--page <url>', "the collector's page, as people reach it (default: `publicUrl`, else as --collector)")
      .option('--prometheus <url>', 'Prometheus, as Grafana reaches it', 'http://127.0.0.1:9090')
      .option('--alertmanager <url>', 'Alertmanager, as Grafana reaches it', 'http://127.0.0.1:9093')
      .option('--dashboards-path <path>', 'the directory `dashboards`, as Grafana sees it (default: as it is written)')
      .option('--token-file <path>', 'token of scope ingest, as Grafana sees it (default: in the data directory)')
      .option('--traces <uid>', 'data source that has the traces, for exemplars to lead there')
      .option('--slack', 'tell Slack as well, at $SLACK_WEBHOOK_URL, which Grafana then needs to start')
      .option('--overwrite', 'write over files that were changed by hand'),
  ).action(grafana);
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 400) throw new InvalidArgumentError('1 to 400');
  return days;
}

async function grafana(flags: GrafanaFlags): Promise<void> {
  const facts = await collectorFacts(flags);
  const { tools, hasMore } = facts.isRunning ? await seenTools(facts, flags.days) : { tools: [], hasMore: false };
  const collectorUrl = urlOf('--collector', flags.collector ?? facts.url);
  const files = grafanaFiles({
    tools,
    thresholds: facts.rules.thresholds,
    collectorUrl,
    pageUrl: pageUrlOf(flags.page, facts, collectorUrl),
    prometheusUrl: urlOf('--prometheus', flags.prometheus),
    alertmanagerUrl: urlOf('--alertmanager', flags.alertmanager),
    dashboardsPath: flags.dashboardsPath ?? resolve(join(flags.out, 'dashboards')),
    webhookTokenFile: flags.tokenFile ?? tokenFile(facts, 'ingest'),
    traceDatasource: flags.traces,
    slack: flags.slack ?? false,
  });
  const options = { manifest: MANIFEST, overwrite: flags.overwrite, isPartial: !facts.isRunning };
  console.log(describeWritten(flags.out, writeFiles(flags.out, files, options)));
  if (hasMore) console.log(`\nOf the tools, the ${MAX_TOOLS} that were called most have a dashboard.`);
  if (!facts.isRunning) console.log(NOT_RUNNING(facts.dataDir));
}

const NOT_RUNNING = (dataDir: string): string =>
  `\nNo collector answers for ${dataDir}: the overview and the provisioning were written, and no dashboard of a tool; those that are there were left. Start one with \`mcp-vitals serve\` and do this again.`;

async function seenTools({ dataDir }: CollectorFacts, days: number): Promise<{ tools: ToolName[]; hasMore: boolean }> {
  const query = new URLSearchParams({ minutes: String(days * 1440), orderBy: 'calls', limit: String(MAX_TOOLS) });
  const answer = await askOwnCollector(dataDir, 'GET', `/api/v1/tools?${query}`, {
    scope: 'read',
    timeoutMs: TIMEOUT_MS,
  });
  const { tools, nextCursor } = answer as unknown as { tools: ToolName[]; nextCursor: string | null };
  return { tools: tools.map(({ server, tool }) => ({ server, tool })), hasMore: nextCursor !== null };
}
