/** A run as one HTML page: a line chart for each figure, what is usual as a band, breaches as a table. Nothing is loaded. */
import { escapeHtml } from '../model/escape.ts';
import type { Breach, FigureSummary, MonitorFigure, MonitorRun, MonitorSample } from '../model/monitor.ts';

const WIDTH = 640;
const HEIGHT = 120;

const STYLE = `:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1rem;margin:1.4rem 0 .2rem}
svg{width:100%;height:auto;border:1px solid #8886;border-radius:.4rem}
path{fill:none;stroke:#3b82d6;stroke-width:1.5}rect{fill:#8883}
table{border-collapse:collapse}th,td{padding:.2rem .8rem .2rem 0;text-align:left}`;

export function toPage(run: MonitorRun): string {
  const title = titleOf(run);
  const span = `${time(run.startMs)} to ${time(run.endMs)}, ${run.calls} calls, ${run.errors} failed`;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${title}</title><style>${STYLE}</style></head><body>`,
    `<h1>${title}</h1><p>${span}</p>`,
    ...run.notes.map((note) => `<p>${escapeHtml(note)}</p>`),
    ...run.summary.map((line) => chart(line, run)),
    breachTable(run.breaches),
    '</body></html>',
  ].join('\n');
}

function titleOf({ scope, server, tool }: MonitorRun): string {
  const names = [tool, server].flatMap((name) => name ?? []).map(escapeHtml);
  return scope === 'system' ? 'The system, live' : `${names.join(' of ')}, live`;
}

function chart({ figure, min, avg, max, last, usual }: FigureSummary, { samples }: MonitorRun): string {
  const top = Math.max(max, usual?.high ?? 0) || 1;
  const y = (value: number) => round(HEIGHT - (HEIGHT * value) / top);
  const band =
    usual && `<rect x="0" y="${y(usual.high)}" width="${WIDTH}" height="${round(y(usual.low) - y(usual.high))}"/>`;
  const said = `min ${round(min)}, mean ${round(avg)}, max ${round(max)}, newest ${round(last)}`;
  const usually = usual === undefined ? '' : `; usually ${round(usual.low)} to ${round(usual.high)}`;
  return [
    `<h2>${figure}</h2><p>${said}${usually}</p>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${figure}: ${said}">`,
    `${band ?? ''}<path d="${pathOf(samples, figure, y)}"/></svg>`,
  ].join('');
}

/** Interrupted where nothing is known. */
function pathOf(samples: readonly MonitorSample[], figure: MonitorFigure, y: (value: number) => number): string {
  const step = WIDTH / Math.max(1, samples.length - 1);
  let isDown = false;
  const moves = samples.map(({ figures }, index) => {
    const value = figures[figure] ?? null;
    if (value === null) {
      isDown = false;
      return '';
    }
    const move = `${isDown ? 'L' : 'M'}${round(index * step)} ${y(value)}`;
    isDown = true;
    return move;
  });
  return moves.join('');
}

function breachTable(breaches: readonly Breach[]): string {
  if (breaches.length === 0) return '';
  const rows = breaches.map(
    ({ metric, threshold, fromMs, toMs, worst }) =>
      `<tr><td>${metric}</td><td>${round(threshold)}</td><td>${time(fromMs)}</td><td>${time(toMs)}</td><td>${round(worst)}</td></tr>`,
  );
  const head = '<tr><th>metric</th><th>threshold</th><th>from</th><th>to</th><th>worst</th></tr>';
  return `<h2>Beyond a threshold</h2><table>${head}${rows.join('')}</table>`;
}

function time(atMs: number): string {
  return new Date(atMs).toISOString();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
