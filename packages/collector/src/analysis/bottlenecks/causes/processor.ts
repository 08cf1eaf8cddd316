/** The state of a process in a slot, in the words that several causes use. */
import { type Picture, shareOfExcess } from '../picture/picture.ts';

/** The thread of JavaScript has no time left; a hundred is never quite reached, because something is always waited for. */
const SATURATED_PERCENT = 85;

/** Ready to run, with a core or without, for so much of the time. */
const ALWAYS_READY_PERCENT = 90;

/** For a process that shares its core this is its part, and still its own work that fills the time. */
const OWN_PART_PERCENT = 45;

/** Waiting for a core for so much of the time is felt, if it is also a third of the time in which it could have run. */
const STARVED_PERCENT = 10;
const STARVED_RATIO = 1 / 3;

/** Nobody was served for so much of a slot. */
const BLOCKED_SHARE = 0.1;

export function isSaturated({ resources: { cpuPercent, cpuWaitPercent } }: Picture, slot: number): boolean {
  const [cpu, wait] = [cpuPercent[slot]!, cpuWaitPercent[slot]! || 0];
  return cpu >= SATURATED_PERCENT || (cpu >= OWN_PART_PERCENT && cpu >= wait && cpu + wait >= ALWAYS_READY_PERCENT);
}

export function isStarved({ resources: { cpuPercent, cpuWaitPercent } }: Picture, slot: number): boolean {
  const [cpu, wait] = [cpuPercent[slot]!, cpuWaitPercent[slot]!];
  return wait >= STARVED_PERCENT && wait >= STARVED_RATIO * (cpu + wait);
}

export function isBlocked({ blockedShare }: Picture, slot: number): boolean {
  return blockedShare[slot]! >= BLOCKED_SHARE;
}

/**
 * Of the time that a tool lost, the share in slots in which the process itself was free: neither short of processor nor
 * blocked. What calls wait for then is outside of the process, or a rule of its own making.
 */
export function freeShareOfExcess(picture: Picture, excessMs: Float64Array): number {
  const isFree = (slot: number) =>
    !isSaturated(picture, slot) && !isStarved(picture, slot) && !isBlocked(picture, slot);
  return shareOfExcess(excessMs, isFree);
}
