/** All stories by name. */
import { blockedLoop } from './blockedLoop.ts';
import { cpuBoundHandler } from './cpuBoundHandler.ts';
import { healthyBusy } from './healthyBusy.ts';
import { healthyFast } from './healthyFast.ts';
import { healthySlow } from './healthySlow.ts';
import { hugeResults } from './hugeResults.ts';
import { leak } from './leak.ts';
import { lock } from './lock.ts';
import { noisyNeighbour } from './noisyNeighbour.ts';
import { nPlusOne } from './nPlusOne.ts';
import { slowDependency } from './slowDependency.ts';
import { smallPool } from './smallPool.ts';
import type { Story } from './story.ts';
import { unboundedConcurrency } from './unboundedConcurrency.ts';

export const STORIES = {
  cpuBoundHandler,
  blockedLoop,
  lock,
  slowDependency,
  smallPool,
  leak,
  unboundedConcurrency,
  nPlusOne,
  hugeResults,
  noisyNeighbour,
  healthyFast,
  healthyBusy,
  healthySlow,
} as const satisfies Record<string, Story>;

export type StoryName = keyof typeof STORIES;

export const STORY_NAMES = Object.keys(STORIES) as StoryName[];
