/**
 * How heavy a load is, in words that need no figures of the server. In a closed loop a profile is a number of callers. In an
 * open one it is a share of what as many callers get done: a light load is found by a light load, and never by a heavy one.
 */
import type { LoadProfile } from '../../model/benchmark.ts';

export interface ProfileLoad {
  /** Who each make their next call when they have an answer. */
  callers: number;
  /** Of an open loop: the rate, as a share of what the callers get done. */
  shareOfCapacity: number;
}

export const PROFILE_LOADS: Readonly<Record<LoadProfile, ProfileLoad>> = {
  light: { callers: 1, shareOfCapacity: 0.25 },
  normal: { callers: 4, shareOfCapacity: 0.5 },
  heavy: { callers: 16, shareOfCapacity: 0.8 },
  stress: { callers: 64, shareOfCapacity: 1.2 },
};
