/** All causes that one sight can show. */
import { blockedEventLoop } from './blockedEventLoop.ts';
import type { Rule } from './candidate.ts';
import { cpuBound } from './cpuBound.ts';
import { failingCalls } from './failingCalls.ts';
import { hugeResults } from './hugeResults.ts';
import { lock, smallPool } from './limitedConcurrency.ts';
import { memoryLeak } from './memoryLeak.ts';
import { noisyNeighbour } from './noisyNeighbour.ts';
import { nPlusOne } from './nPlusOne.ts';
import { slowDependency } from './slowDependency.ts';
import { unboundedConcurrency } from './unboundedConcurrency.ts';

export const RULES: readonly Rule[] = [
  cpuBound,
  blockedEventLoop,
  noisyNeighbour,
  memoryLeak,
  lock,
  smallPool,
  unboundedConcurrency,
  slowDependency,
  nPlusOne,
  hugeResults,
  failingCalls,
];
