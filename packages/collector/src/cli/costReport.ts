/** What `mcp-vitals cost` prints. Names are a stranger's, and escaped here. */
import type { CostReport, ToolCost } from '../model/cost.ts';
import { count, duration, percent, plainNumber } from './terminal/figures.ts';
import type { PrintStyle } from './terminal/output.ts';
import { saidOfMany } from './terminal/saidOfMany.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { shownName } from './terminal/width.ts';

/** As the API answers: times are text. */
export type CostAnswer = Pick<CostReport, 'currency' | 'total' | 'tools' | 'savings'> & {
  dearestCalls: { server: string; tool: string; from: string; unit: 'ms' | 'tokens'; value: number }[];
};

/** Tools and savings that are shown; the JSON has all. */
const MAX_TOOLS = 20;
const MAX_SAVINGS = 10;

export function describeCost(answer: CostAnswer, style: PrintStyle): string {
  const { tools, savings, dearestCalls } = answer;
  if (tools.length === 0) return 'No tool was called in this time.';
  return [
    ...tableLines(columnsOf(answer), tools.slice(0, MAX_TOOLS), style),
    ...(tools.length > MAX_TOOLS ? [`and ${tools.length - MAX_TOOLS} more; --json has all`] : []),
    '',
    totalLine(answer),
    ...(dearestCalls.length > 0 ? ['', 'Dearest calls:', ...dearestCalls.map(callLine)] : []),
    ...(savings.length > 0 ? ['', 'What could be saved:', ...savingLines(savings)] : []),
  ].join('\n');
}

function columnsOf({ total, currency }: CostAnswer): Column<ToolCost>[] {
  const number = (title: string, priority: number, cell: (tool: ToolCost) => string): Column<ToolCost> => {
    return { title, align: 'right', min: 8, max: 14, priority, cell };
  };
  return [
    { title: 'TOOL', min: 14, max: 40, priority: 0, cell: ({ tool }) => shownName(tool) },
    { title: 'SERVER', min: 10, max: 28, priority: 3, cell: ({ server }) => shownName(server) },
    number('CALLS', 2, ({ calls }) => count(calls)),
    number('TIME', 1, ({ totalMs }) => duration(totalMs)),
    number('CPU', 1, ({ cpu }) => (cpu === null ? '' : duration(1000 * cpu.seconds))),
    number('CPU/CALL', 5, ({ cpu }) => (cpu === null ? '' : duration(cpu.msPerCall))),
    number('TOKENS', 1, ({ results }) => (results === null ? '' : count(results.tokens))),
    number('PER CALL', 4, ({ results }) => (results === null ? '' : count(results.tokensPerCall))),
    ...Object.keys(total.prices).map((model) =>
      number(`${shownName(model)} ${shownName(currency)}`, 2, ({ results }) => money(results?.prices[model])),
    ),
  ];
}

function money(amount: number | undefined): string {
  return amount === undefined ? '' : plainNumber(amount);
}

function totalLine({ total, currency }: CostAnswer): string {
  const { calls, totalMs, cpuSeconds, tokens, measuredPercent, prices } = total;
  const cpu = cpuSeconds === null ? 'CPU not reported' : `${duration(1000 * cpuSeconds)} CPU`;
  const spent = Object.entries(prices).map(
    ([model, amount]) => `${plainNumber(amount)} ${shownName(currency)} with ${shownName(model)}`,
  );
  const read =
    measuredPercent === 0
      ? 'results not measured'
      : `about ${count(tokens)} tokens in the results of ${percent(measuredPercent)} of calls`;
  return `${count(calls)} calls, ${duration(totalMs)}, ${cpu}, ${[read, ...spent].join(', ')}. CPU and tokens are estimates.`;
}

function callLine({ server, tool, from, unit, value }: CostAnswer['dearestCalls'][number]): string {
  const cost = unit === 'ms' ? duration(value) : `${count(value)} tokens`;
  return `  ${cost.padStart(16)}  ${shownName(tool)} of ${shownName(server)}, ${from.slice(0, 16).replace('T', ' ')} UTC`;
}

/** What is said of whole servers is often the same of all of them. */
function savingLines(savings: CostAnswer['savings']): string[] {
  const [ofTools, ofServers] = [savings.filter(({ tool }) => tool !== ''), savings.filter(({ tool }) => tool === '')];
  const remarks = ofServers.map((saving) => ({ server: saving.server, words: savingWords(saving) }));
  return [
    ...ofTools.slice(0, MAX_SAVINGS).map((saving) => {
      return `${shownName(saving.tool)} of ${shownName(saving.server)}: ${savingWords(saving)}`;
    }),
    ...saidOfMany(remarks),
  ].map((line) => `  ${line}`);
}

function savingWords({ tokens, cpuSeconds, totalMs, assumption, action }: CostAnswer['savings'][number]): string {
  const saved = [
    tokens > 0 ? `${count(tokens)} tokens` : '',
    totalMs > 0 ? `${duration(totalMs)} of time` : '',
    cpuSeconds > 0 ? `${duration(1000 * cpuSeconds)} CPU` : '',
  ].filter((text) => text !== '');
  return `${saved.length === 0 ? '' : `${saved.join(', ')}. `}${assumption} ${action}`;
}
