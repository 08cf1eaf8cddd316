/** What became of each tool from one window to the next. */

import { quoteUntrusted } from '../../model/untrusted.ts';
import { rounded } from '../tools/rounded.ts';

export interface ToolFigures {
  server: string;
  tool: string;
  p95Ms: number;
  calls: number;
}

export interface ToolChange {
  server: string;
  tool: string;
  /** Absent where it was not called. */
  before: ToolFigures | undefined;
  now: ToolFigures | undefined;
}

/** Most slowed down first; then the tools that are new, then those that are no longer called. */
export function compareTools(before: readonly ToolFigures[], now: readonly ToolFigures[]): ToolChange[] {
  const key = ({ server, tool }: ToolFigures) => JSON.stringify([server, tool]);
  const earlier = new Map(before.map((figures) => [key(figures), figures]));
  const later = new Map(now.map((figures) => [key(figures), figures]));
  const changes = [...new Map([...earlier, ...later]).values()].map((figures) => ({
    server: figures.server,
    tool: figures.tool,
    before: earlier.get(key(figures)),
    now: later.get(key(figures)),
  }));
  return changes.sort((a, b) => rank(a) - rank(b) || slowdown(b) - slowdown(a));
}

function rank({ before, now }: ToolChange): number {
  return before && now ? 0 : now ? 1 : 2;
}

/** How many times as long it takes; of a tool that is new or gone, how long. */
function slowdown({ before, now }: ToolChange): number {
  if (before && now) return before.p95Ms === 0 ? 1 : now.p95Ms / before.p95Ms;
  return (now ?? before)!.p95Ms;
}

/** One line of words; names stand in quotes. */
export function changeLine({ server, tool, before, now }: ToolChange): string {
  const subject = `- ${quoteUntrusted(tool)} of ${quoteUntrusted(server)}`;
  if (!before) return `${subject}: ${rounded(now!.p95Ms)} ms, ${now!.calls} calls; not called before`;
  if (!now) return `${subject}: no longer called; before ${rounded(before.p95Ms)} ms, ${before.calls} calls`;
  const times = `${rounded(before.p95Ms)} ms to ${rounded(now.p95Ms)} ms (${changeText(before.p95Ms, now.p95Ms)})`;
  return `${subject}: ${times}, calls ${before.calls} to ${now.calls}`;
}

function changeText(before: number, now: number): string {
  if (before === 0) return now === 0 ? 'unchanged' : 'from nothing';
  const percent = Math.round((100 * (now - before)) / before);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
