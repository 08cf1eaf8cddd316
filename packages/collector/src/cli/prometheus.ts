/** `mcp-vitals prometheus`: what to scrape, rules made of the thresholds and objectives in force, and Alertmanager's routes. */
import { type Command, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { writeFiles } from '../provision/files.ts';
import { prometheusFiles } from '../provision/prometheus/prometheusFiles.ts';
import { collectorFacts, pageUrlOf, tokenFile, urlOf } from './collectorFacts.ts';
import { withConfigOptions } from './configOptions.ts';
import { describeWritten } from './writtenReport.ts';

const ALERTS = ['all', 'missing'] as const;

interface PrometheusFlags extends ConfigFlags {
  out: string;
  collector?: string;
  page?: string;
  alertmanager: string;
  tokenFile?: string;
  webhookTokenFile?: string;
  docs?: string;
  alerts?: (typeof ALERTS)[number];
  overwrite?: boolean;
}

const MANIFEST = '.mcp-vitals-prometheus.json';

export function prometheusCommand(program: Command): void {
  withConfigOptions(
    program
      .command('prometheus')
      .description('write a scrape configuration, rules from the thresholds in force, and routes of Alertmanager')
      .requiredOption('--out <dir>', 'where to write; made when it is not there')
      .option('--collector <url>', 'the collector, as Prometheus reaches it (default: where it listens)')
      .option('--page <url>', "the collector's page, as people reach it (default: `publicUrl`, else as --collector)")
      .option('--alertmanager <url>', 'Alertmanager, as Prometheus reaches it', 'http://127.0.0.1:9093')
      .option('--token-file <path>', 'token of scope read, as Prometheus sees it (default: in the data directory)')
      .option('--webhook-token-file <path>', 'token of scope ingest, as Alertmanager sees it (default: likewise)')
      .option('--docs <url>', 'where docs/prometheus-rules.md is published, for `runbook_url`')
      .addOption(
        new Option(
          '--alerts <which>',
          'all, or only those that the collector has not itself (default: the latter when it tells an Alertmanager)',
        ).choices(ALERTS),
      )
      .option('--overwrite', 'write over files that were changed by hand'),
  ).action(prometheus);
}

async function prometheus(flags: PrometheusFlags): Promise<void> {
  const facts = await collectorFacts(flags);
  const collectorUrl = urlOf('--collector', flags.collector ?? facts.url);
  const usual = facts.tellsAlertmanager ? 'missing' : 'all';
  const readTokenFile = flags.tokenFile ?? (facts.needsToken ? tokenFile(facts, 'read') : undefined);
  const files = prometheusFiles({
    settings: facts.rules,
    collectorUrl,
    pageUrl: pageUrlOf(flags.page, facts, collectorUrl),
    alertmanagerUrl: urlOf('--alertmanager', flags.alertmanager),
    readTokenFile,
    webhookTokenFile: flags.webhookTokenFile ?? tokenFile(facts, 'ingest'),
    docsUrl: flags.docs === undefined ? undefined : urlOf('--docs', flags.docs).href,
    onlyMissing: (flags.alerts ?? usual) === 'missing',
  });
  const written = writeFiles(flags.out, files, { manifest: MANIFEST, overwrite: flags.overwrite });
  console.log(describeWritten(flags.out, written));
  if (flags.alerts === undefined && facts.tellsAlertmanager) console.log(TELLS_ITSELF);
  if (!facts.isRunning) console.log(NOT_RUNNING(facts.dataDir));
}

const TELLS_ITSELF =
  '\nThe collector tells Alertmanager of its alerts itself, so the rules leave them out; --alerts all writes them as well.';

const NOT_RUNNING = (dataDir: string): string =>
  `\nNo collector answers for ${dataDir}: the rules have the default thresholds and the objectives of the settings. Start one with \`mcp-vitals serve\` and do this again for those that were set since.`;
