/** What the causes are told from: the tools of a sight, how its process did, slot by slot, and when time was lost. */
import type { Sight } from '../evidence/sight.ts';
import { amountsPerCall } from './attribute.ts';
import { sum } from './numbers.ts';
import { type ToolPicture, toolPicture } from './toolPicture.ts';

/** The event loop is looked at this often, see `EventLoopDelay` of the SDK. */
const LOOP_RESOLUTION_MS = 20;

/** A call keeps the thread for as long as it takes when nothing is in its way; reading and answering it is not in that. */
const WORK_OF_DURATION = 1.5;
const WORK_AROUND_MS = 1;

/** A longer pause between windows is one without calls. */
const IDLE_MS = 5_000;

/** Tools beyond these take a small part of the time. */
const MAX_TOOLS = 30;

export interface Picture extends Omit<Sight, 'tools'> {
  tools: ToolPicture[];
  slots: number;
  widthMs: Float64Array;
  /** Of all slots. */
  totalWidthMs: number;
  totalCalls: number;
  /** Time that all calls took. */
  totalMs: number;
  /** Per slot, of all tools: time beyond the usual. */
  excessMs: Float64Array;
  totalExcessMs: number;
  /** Per slot: share of the time in which the event loop served nobody, 0 to 1; NaN where it is not known. */
  blockedShare: Float64Array;
  /** Per tool, in the order of `tools`: processor time of a call, and time for which a call keeps the event loop, milliseconds. */
  cpuMsPerCall: number[];
  blockedMsPerCall: number[];
}

export function pictureOf(sight: Sight): Picture {
  const tools = sight.tools.slice(0, MAX_TOOLS).map(toolPicture);
  const slots = sight.endMs.length;
  const widthMs = widthsOf(sight);
  const excessMs = new Float64Array(slots);
  for (const tool of tools) for (let slot = 0; slot < slots; slot++) excessMs[slot]! += tool.excessMs[slot]!;
  const blockedShare = sight.resources.eventLoopDelayMs.map((delayMs) => delayMs / (delayMs + LOOP_RESOLUTION_MS));
  const calls = tools.map((tool) => tool.calls);
  const { cpuPercent } = sight.resources;
  const atMost = tools.map(({ usualMs }) => WORK_OF_DURATION * usualMs + WORK_AROUND_MS);
  return {
    ...sight,
    tools,
    slots,
    widthMs,
    totalWidthMs: sum(widthMs),
    totalCalls: sum(tools.map((tool) => tool.totalCalls)),
    totalMs: sum(tools.map((tool) => tool.totalMs)),
    excessMs,
    totalExcessMs: sum(excessMs),
    blockedShare,
    cpuMsPerCall: amountsPerCall(
      calls,
      cpuPercent.map((percent, slot) => (percent / 100) * widthMs[slot]!),
      atMost,
      widthMs,
    ),
    blockedMsPerCall: amountsPerCall(
      calls,
      blockedShare.map((share, slot) => share * widthMs[slot]!),
      atMost,
      widthMs,
    ),
  };
}

/**
 * A window opens with the first call that ends in it: what went by since the window before was work on that call, unless it was
 * so long that nobody called.
 */
function widthsOf({ startMs, endMs }: Sight): Float64Array {
  return endMs.map((end, slot) => {
    const own = end - startMs[slot]!;
    const sinceLast = slot === 0 ? own : end - endMs[slot - 1]!;
    return Math.max(1, sinceLast - own <= IDLE_MS ? sinceLast : own);
  });
}

/** Of the time, the share of those slots that are selected; those of which nothing is known do not count. */
export function shareOfTime(picture: Picture, known: Float64Array, selects: (slot: number) => boolean): number {
  let [selected, total] = [0, 0];
  for (let slot = 0; slot < picture.slots; slot++) {
    if (Number.isNaN(known[slot]!)) continue;
    total += picture.widthMs[slot]!;
    if (selects(slot)) selected += picture.widthMs[slot]!;
  }
  return total === 0 ? 0 : selected / total;
}

/** Of the time that was lost (by all tools, or as `excessMs` of one), the share in selected slots. */
export function shareOfExcess(excessMs: Float64Array, selects: (slot: number) => boolean): number {
  const total = sum(excessMs);
  return total === 0 ? 0 : sum(excessMs.map((ms, slot) => (selects(slot) ? ms : 0))) / total;
}
