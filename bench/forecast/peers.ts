/** What forecasts are compared with: seasonal naive ones, and the one maintained library of npm that has seasons and intervals. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { initSync, MSTL } from '@bsull/augurs/mstl';
import { DAY_MS } from '../../packages/collector/src/model/rollup.ts';
import type { Forecaster } from './score.ts';

/** The newest value of each phase; where it is missing, the one before. */
export function seasonalNaive(period: number): Forecaster {
  return ({ known, steps }) => {
    const newest = known.findLast((value) => !Number.isNaN(value)) ?? 0;
    const middle = Float64Array.from({ length: steps }, (_, i) => {
      let from = known.length - period + (i % period);
      while (from >= 0 && Number.isNaN(known[from]!)) from -= period;
      return known[from] ?? newest;
    });
    return { middle };
  };
}

let isReady = false;

/** augurs: decomposition by LOESS with several seasons, and ETS chosen by itself for the rest; it takes no gaps. */
export const mstl: Forecaster = ({ known, stepMs, steps }) => {
  if (!isReady) {
    const folder = createRequire(import.meta.url)
      .resolve('@bsull/augurs')
      .replace(/core\.js$/, '');
    initSync({ module: readFileSync(`${folder}mstl_bg.wasm`) });
    isReady = true;
  }
  const periods = [DAY_MS / stepMs, (7 * DAY_MS) / stepMs].filter((period) => period > 1 && 2 * period < known.length);
  const model = MSTL.ets(periods);
  try {
    model.fit(withoutGaps(known));
    const { point, intervals } = model.predict(steps, 0.95);
    return {
      middle: Float64Array.from(point),
      low: intervals && Float64Array.from(intervals.lower),
      high: intervals && Float64Array.from(intervals.upper),
    };
  } finally {
    model.free();
  }
};

/** Each missing value as the one before. */
function withoutGaps(known: Float64Array): Float64Array {
  let last = known.find((value) => !Number.isNaN(value)) ?? 0;
  return known.map((value) => {
    last = Number.isNaN(value) ? last : value;
    return last;
  });
}
