/** What makes servers slow, and what is coming. */
import type { Steps } from '../../clock.ts';
import type { ShownFinding, ShownForecast } from '../../model/analysisDashboard.ts';
import { WORDS_OF_METRIC } from '../../model/trends.ts';
import { trendChart } from '../charts/trendChart.ts';
import { code, subject } from '../names.ts';
import { inUnit, percent } from '../numbers.ts';
import { type Block, figures, heading, paragraph } from '../sections/block.ts';

/** Charts that are drawn; the words of the others are there. */
const MAX_CHARTS = 6;
/** Tools of a finding that are named. */
const MAX_TOOLS = 5;

export function findingBlocks(findings: readonly ShownFinding[]): Block[] {
  if (findings.length === 0) return [paragraph('Nothing found: nothing makes these servers slow.')];
  return findings.flatMap((finding) => {
    const { severity, title, confidence, server, tools, clients, sharePercent, evidence, action } = finding;
    const share = sharePercent === null ? '' : ` It costs ${percent(sharePercent)} of all time.`;
    return [
      heading(`${severity}: ${title}`),
      paragraph(`${concerned(server, tools)}${forClients(clients)}. ${percent(100 * confidence)} sure.${share}`),
      paragraph(evidence.map(({ name, value, unit }) => `${name} ${inUnit(value, unit)}`).join('; ')),
      paragraph(action),
    ];
  });
}

function concerned(server: string, tools: readonly string[]): string {
  if (tools.length === 0) return code(server);
  const more = tools.length > MAX_TOOLS ? ` and ${tools.length - MAX_TOOLS} more` : '';
  return `${tools.slice(0, MAX_TOOLS).map(code).join(', ')}${more} of ${code(server)}`;
}

function forClients(clients: readonly string[]): string {
  return clients.length === 0 ? '' : ` for ${clients.map(code).join(', ')}`;
}

export async function forecastBlocks(forecasts: readonly ShownForecast[], steps: Steps): Promise<Block[]> {
  if (forecasts.length === 0) return [paragraph('There is not enough history to forecast anything.')];
  const drawn = await steps.map(
    forecasts.slice(0, MAX_CHARTS).entries(),
    ([id, { trend, column, startMs, stepMs }]) => ({
      caption: `${subject(trend.server, trend.tool)}: ${WORDS_OF_METRIC[trend.metric]}`,
      svg: trendChart(`forecast-${id}`, { trend, column }, startMs, stepMs),
    }),
  );
  const items = forecasts.map(({ trend, words }) => `${subject(trend.server, trend.tool)}: ${words}.`);
  return [...figures(...drawn), { kind: 'list', items }];
}
