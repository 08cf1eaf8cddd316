/** `mcp-vitals analysis`: what all analyses say, in words, as JSON, as a page or as a PDF. */
import { type Command, Option } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector, askOwnCollectorForText } from '../daemon/askCollector.ts';
import { VitalsError } from '../errors.ts';
import { DASHBOARD_RANGES, DASHBOARD_TYPES } from '../model/analysisDashboard.ts';
import { findChromium } from '../print/findChromium.ts';
import { printPdf } from '../print/printPdf.ts';
import { type AnalysisAnswer, describeAnalysis } from './analysisReport.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { save } from './save.ts';
import { jsonText, printAnswer, styleOfStdout } from './terminal/output.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

interface AnalysisFlags extends ConfigFlags, WorkspaceFlag {
  type: string;
  range: string;
  server?: string;
  metric?: string[];
  format: 'text' | 'json' | 'html' | 'pdf';
  json?: boolean;
  out?: string;
}

/** Every analysis of a month is made. */
const TIMEOUT_MS = 180_000;

export function analysisCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('analysis'))
      .description('figures, bottlenecks, forecasts, cost, instances and policies, side by side')
      .addOption(new Option('--type <type>', 'what is shown').choices(DASHBOARD_TYPES).default('overview'))
      .addOption(
        new Option('--range <range>', 'up to now; live: five minutes').choices(DASHBOARD_RANGES).default('day'),
      )
      .option('--server <name>', 'only this server')
      .option('--metric <name...>', 'custom metrics, by name')
      .addOption(new Option('--format <format>', 'how').choices(['text', 'json', 'html', 'pdf']).default('text'))
      .option('--json', 'the same as --format json')
      .option('--out <file>', 'write it there instead of to stdout'),
  ).action(analysis);
}

async function analysis({ type, range, server, metric = [], json, out, ...flags }: AnalysisFlags): Promise<void> {
  const format = json ? 'json' : flags.format;
  if (format === 'pdf' && out === undefined) {
    throw new VitalsError('invalid', 'A PDF goes into a file', { hint: 'Say which: --out analysis.pdf' });
  }
  const query = new URLSearchParams({
    ...{ type, range },
    ...(server !== undefined && { server }),
    ...(metric.length > 0 && { customMetrics: metric.join(',') }),
  });
  const { dataDir } = configOf(flags).config;
  const asked = { scope: 'read', workspace: flags.workspace, timeoutMs: TIMEOUT_MS } as const;
  if (format === 'html' || format === 'pdf') {
    const html = await askOwnCollectorForText(dataDir, `/api/v1/analysis/document?${query}`, asked);
    // Printed here: the browser is where the person is.
    const document = format === 'pdf' ? await printPdf(html, findChromium()) : html;
    if (out !== undefined) save(out, document);
    else console.log(html.trimEnd());
    return;
  }
  const answer = await askOwnCollector(dataDir, 'GET', `/api/v1/analysis/dashboard?${query}`, asked);
  const describe = () => describeAnalysis(answer as unknown as AnalysisAnswer, styleOfStdout());
  if (out !== undefined) save(out, `${format === 'json' ? jsonText(answer) : describe()}\n`);
  else printAnswer(format === 'json', answer, describe);
}
