/** What a report shows as bars. */
import type { Report } from '../../model/report.ts';
import { healthOf } from '../health.ts';
import { percent, span } from '../numbers.ts';
import { type Bar, barChart } from './bars.ts';

const MAX_BARS = 8;
/** So that a rate of hardly anything is no full bar. */
const MIN_ERROR_SCALE_PERCENT = 1;

export function healthChart({ servers }: Report): string | undefined {
  const bars = servers.slice(0, MAX_BARS).map(({ server, healthScore }) => ({
    label: server,
    value: healthScore,
    words: `${healthScore} ${healthOf(healthScore)}`,
    className: `bar-${healthOf(healthScore)}`,
  }));
  return drawn('health', 'Health by server', 'Health score by server, worst first', bars, 100);
}

export function errorsChart({ servers }: Report): string | undefined {
  const bars = [...servers]
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.errorRatePercent - a.errorRatePercent)
    .slice(0, MAX_BARS)
    .map(({ server, errorRatePercent }) => ({
      label: server,
      value: errorRatePercent,
      words: percent(errorRatePercent),
      className: 'bar-critical',
    }));
  const max = Math.max(MIN_ERROR_SCALE_PERCENT, ...bars.map(({ value }) => value));
  return drawn('errors', 'Error rate by server', 'Share of failed calls by server, highest first', bars, max);
}

export function sharesChart({ tools }: Report): string | undefined {
  const costliest = [...tools].sort((a, b) => b.totalMs - a.totalMs);
  const rest = costliest.slice(MAX_BARS);
  const sum = (key: 'totalMs' | 'sharePercent') => rest.reduce((total, tool) => total + tool[key], 0);
  const others = { tool: `${rest.length} others`, totalMs: sum('totalMs'), sharePercent: sum('sharePercent') };
  const bars = [...costliest.slice(0, MAX_BARS), ...(rest.length === 0 ? [] : [others])].map(
    ({ tool, totalMs, sharePercent }) => ({
      label: tool,
      value: sharePercent,
      words: `${percent(sharePercent)}, ${span(totalMs)}`,
      className: 'bar-calls',
    }),
  );
  return drawn('shares', 'Tools by share of all time', 'Share of all time by tool, costliest first', bars);
}

export function gainsChart({ optimisations }: Report): string | undefined {
  const bars = optimisations.slice(0, MAX_BARS).map(({ tool, gainMs, gainPercent }) => ({
    label: tool,
    value: gainMs,
    words: `${span(gainMs)}, ${percent(gainPercent)}`,
    className: 'bar-healthy',
  }));
  return drawn('gains', 'Time that could be saved', 'Time that could be saved at most by tool, most first', bars);
}

function drawn(name: string, title: string, what: string, bars: readonly Bar[], max?: number): string | undefined {
  if (bars.length === 0) return undefined;
  const description = `${what}: ${bars.map(({ label, words }) => `${label} ${words}`).join('; ')}.`;
  return barChart({ name, title, description }, bars, max ?? Math.max(...bars.map(({ value }) => value)));
}
