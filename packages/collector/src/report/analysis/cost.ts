/** What calls cost, and what could be saved. */
import type { CostReport, DearCall, Saving, ToolCost } from '../../model/cost.ts';
import { code, subject } from '../names.ts';
import { count, dateTime, inUnit, milliseconds, percent, span } from '../numbers.ts';
import { type Block, paragraph, table, whereAny } from '../sections/block.ts';

const SAVING_NAMES: Readonly<Record<Saving['kind'], string>> = {
  paging: 'answer in pages',
  smaller_results: 'smaller results',
  caching: 'keep answers',
  measure_results: 'measure results',
};

export function costBlocks(report: CostReport): Block[] {
  const { tools, dearestCalls, savings } = report;
  return [
    paragraph(totals(report)),
    ...table(
      ['Tool', 'Server', 'Calls', 'Time', 'CPU', 'CPU per call', 'Tokens', 'Tokens per call', ...models(report)],
      tools.map((tool) => toolCells(tool, report)),
      'No tool was called.',
    ),
    paragraph('CPU and tokens are estimates: of a process by the time of its calls, and of results by their bytes.'),
    ...whereAny('The dearest calls:', ['Call', 'When (UTC)', 'Cost'], dearestCalls.map(callCells)),
    ...whereAny(
      'What could be saved over such a time:',
      ['Subject', 'By', 'Tokens', 'CPU', 'Time', 'Assumption'],
      savings.filter(({ kind }) => kind !== 'measure_results').map(savingCells),
    ),
    ...savings
      .filter(({ kind }) => kind === 'measure_results')
      .map(({ server, assumption, action }) => paragraph(`${code(server)}: ${assumption} ${action}`)),
  ];
}

function totals({ total, bytesPerToken }: CostReport): string {
  const { calls, totalMs, cpuSeconds, tokens, measuredPercent } = total;
  const cpu = cpuSeconds === null ? 'CPU not reported' : `CPU ${inUnit(cpuSeconds, 's')}`;
  const spent =
    measuredPercent === 0
      ? 'results are not measured'
      : `about ${count(tokens)} tokens in results (${inUnit(bytesPerToken, 'bytes')} each; ${percent(measuredPercent)} of calls measured)`;
  return `${count(calls)} calls, ${span(totalMs)} of time, ${cpu}, ${spent}.`;
}

function models({ total, currency }: CostReport): string[] {
  return Object.keys(total.prices).map((model) => `${code(model)} ${code(currency)}`);
}

function toolCells({ tool, server, calls, totalMs, cpu, results }: ToolCost, { total }: CostReport): string[] {
  const prices = Object.keys(total.prices).map((model) => money(results?.prices[model]));
  return [
    ...[code(tool), code(server), count(calls), span(totalMs)],
    ...(cpu === null ? ['', ''] : [inUnit(cpu.seconds, 's'), milliseconds(cpu.msPerCall)]),
    ...(results === null ? ['', ''] : [count(results.tokens), count(results.tokensPerCall)]),
    ...prices,
  ];
}

function money(amount: number | undefined): string {
  return amount === undefined ? '' : inUnit(amount, '');
}

function callCells({ server, tool, startMs, stepMs, unit, value }: DearCall): string[] {
  const cost = unit === 'ms' ? milliseconds(value) : `${count(value)} tokens`;
  return [subject(server, tool), `${dateTime(startMs)} and ${span(stepMs)}`, cost];
}

function savingCells({ kind, server, tool, tokens, cpuSeconds, totalMs, assumption, action }: Saving): string[] {
  return [
    subject(server, tool),
    SAVING_NAMES[kind],
    tokens === 0 ? '' : count(tokens),
    cpuSeconds === 0 ? '' : inUnit(cpuSeconds, 's'),
    totalMs === 0 ? '' : span(totalMs),
    `${assumption} ${action}`,
  ];
}
