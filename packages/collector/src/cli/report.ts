/** `mcp-vitals report`: a report of the collector that runs, on stdout, in a file, or as PDF. */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollectorForText } from '../daemon/askCollector.ts';
import { VitalsError } from '../errors.ts';
import { REPORT_FORMATS } from '../model/report.ts';
import { findChromium } from '../print/findChromium.ts';
import { printPdf } from '../print/printPdf.ts';
import { configOf, withConfigOptions } from './configOptions.ts';
import { save } from './save.ts';
import { minutesOf } from './span.ts';
import { type WorkspaceFlag, withWorkspaceOption } from './workspaceOption.ts';

/** A year of a large installation. */
const TIMEOUT_MS = 120_000;

export interface ReportFlags extends ConfigFlags, WorkspaceFlag {
  last?: string;
  from?: string;
  to?: string;
  daily?: boolean;
  weekly?: boolean;
  server?: string;
  format?: string;
  output?: string;
  pdf?: string;
  json?: boolean;
  recommendations: boolean;
}

export function reportCommand(program: Command): void {
  withConfigOptions(
    withWorkspaceOption(program.command('report'))
      .description('how the servers did in a period, a day or a week')
      .option('--last <span>', 'up to now, e.g. 90m, 24h, 7d (default: 24h)')
      .option('--from <time>', 'ISO 8601')
      .option('--to <time>', 'ISO 8601, exclusive (default: now)')
      .option('--daily', 'the last day, compared with the one before')
      .option('--weekly', 'the last week, compared with the one before')
      .option('--server <name>', 'of one server')
      .option('--format <format>', 'markdown, json or html', 'markdown')
      .option('--json', 'the same as --format json')
      .option('--no-recommendations', 'leave them out')
      .option('--output <file>', 'write it there instead of to stdout')
      .option('--pdf <file>', 'print it as PDF, through an installed Chromium'),
  ).action(report);
}

async function report(flags: ReportFlags): Promise<void> {
  const { output, pdf } = flags;
  if (pdf !== undefined && output !== undefined) throw new VitalsError('invalid', 'Give --output or --pdf, not both');
  const format = pdf !== undefined ? 'html' : formatOf(flags);
  const path = `/api/v1/reports?${reportQueryOf(flags, format)}`;
  const { dataDir } = configOf(flags).config;
  const text = await askOwnCollectorForText(dataDir, path, {
    scope: 'read',
    workspace: flags.workspace,
    timeoutMs: TIMEOUT_MS,
  });
  if (pdf !== undefined) save(pdf, await printPdf(text, findChromium()));
  else if (output !== undefined) save(output, text);
  else console.log(text.trimEnd());
}

function formatOf({ format = 'markdown', json = false }: ReportFlags): string {
  if (json) return 'json';
  if (REPORT_FORMATS.some((known) => known === format)) return format;
  throw new VitalsError('invalid', `--format ${format}: one of ${REPORT_FORMATS.join(', ')}`);
}

/** What the flags mean to the collector. @throws VitalsError `invalid` where they contradict each other */
export function reportQueryOf(flags: ReportFlags, format: string): URLSearchParams {
  const { last, from, to, daily, weekly, server, recommendations } = flags;
  if (daily && weekly) throw new VitalsError('invalid', 'Give --daily or --weekly, not both');
  if (last !== undefined && (from !== undefined || daily || weekly)) {
    throw new VitalsError('invalid', 'Give one of --last, --from, --daily and --weekly, not both');
  }
  return new URLSearchParams({
    format,
    kind: daily ? 'daily' : weekly ? 'weekly' : 'period',
    otherKinds: 'true',
    recommendations: String(recommendations),
    ...(last !== undefined && { minutes: String(minutesOf('--last', last)) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(server !== undefined && { server }),
  });
}
