/**
 * How far are quantiles off after the merges that stored data go through? Windows are merged to minutes, minutes to
 * hours, hours to a day, each step through bytes, as in the collector; npm `tdigest` does the same through centroids.
 */

import { Digest } from '@mcp-vitals/sketch';
import tdigest, { type TDigest } from 'tdigest';
import { DATASETS, drawSamples } from './datasets.ts';
import { type BenchResult, runWhenMain } from './result.ts';
import { median } from './support/median.ts';

const QUANTILES = [0.5, 0.95, 0.99, 0.999];
const SEEDS = [1, 2, 3, 4, 5, 6, 7];
const SAMPLES_PER_WINDOW = 10;
const WINDOWS_PER_MINUTE = 10;
const MINUTES = 24 * 60;
const MAX_ERROR_PERCENT = 0.5;

/** What both implementations can do. */
interface Sketch {
  quantile(q: number): number;
  clusters: number;
}

/** Splits `values` into `parts` equal ones. */
function split<T>(values: readonly T[], parts: number): T[][] {
  const length = values.length / parts;
  return Array.from({ length: parts }, (_, part) => values.slice(part * length, (part + 1) * length));
}

function throughBytes(digest: Digest): Digest {
  return Digest.fromBytes(digest.toBytes());
}

function mergeOurs(samples: Float64Array): Sketch {
  const windows = Array.from({ length: MINUTES * WINDOWS_PER_MINUTE }, (_, i) =>
    throughBytes(Digest.ofSorted(samples.slice(i * SAMPLES_PER_WINDOW, (i + 1) * SAMPLES_PER_WINDOW).sort())),
  );
  const minutes = split(windows, MINUTES).map((part) => throughBytes(Digest.merge(part)));
  const hours = split(minutes, 24).map((part) => throughBytes(Digest.merge(part)));
  const day = throughBytes(Digest.merge(hours));
  return { quantile: (q) => day.quantile(q), clusters: day.centroids().length };
}

function mergeTheirs(samples: Float64Array): Sketch {
  const minutes = split([...samples], MINUTES).map((part) => {
    const minute = new tdigest.TDigest();
    minute.push(part);
    return minute;
  });
  const hours = split(minutes, 24).map(mergeTdigests);
  const day = mergeTdigests(hours);
  return { quantile: (q) => day.percentile(q) ?? Number.NaN, clusters: day.size() };
}

function mergeTdigests(digests: TDigest[]): TDigest {
  const merged = new tdigest.TDigest();
  for (const digest of digests) merged.push_centroid(digest.toArray());
  merged.compress();
  return merged;
}

/** Errors in per cent, one per quantile, and the number of clusters, last. */
function measure(merge: (samples: Float64Array) => Sketch, dataset: string, seed: number): number[] {
  const samples = drawSamples(dataset, MINUTES * WINDOWS_PER_MINUTE * SAMPLES_PER_WINDOW, seed);
  const sketch = merge(samples);
  const exact = samples.toSorted();
  const errors = QUANTILES.map((q) => {
    const value = exact[Math.ceil(q * exact.length) - 1]!;
    return (100 * Math.abs(sketch.quantile(q) - value)) / value;
  });
  return [...errors, sketch.clusters];
}

function measureRow(
  name: string,
  merge: (samples: Float64Array) => Sketch,
  dataset: string,
  seeds: number[],
): number[] {
  const perSeed = seeds.map((seed) => measure(merge, dataset, seed));
  return [...QUANTILES, name].map((_, column) => median(perSeed.map((values) => values[column]!)));
}

export async function run(): Promise<BenchResult> {
  const rows: BenchResult['rows'] = [];
  let worst = 0;
  for (const dataset of DATASETS) {
    for (const [name, merge, seeds] of [
      ['@mcp-vitals/sketch', mergeOurs, SEEDS],
      ['tdigest', mergeTheirs, SEEDS.slice(0, 3)],
    ] as const) {
      const columns = measureRow(name, merge, dataset, [...seeds]);
      const errors = columns.slice(0, QUANTILES.length);
      if (merge === mergeOurs) worst = Math.max(worst, ...errors);
      const cells = QUANTILES.map((q, i) => [`p${100 * q} error %`, Number(errors[i]!.toFixed(3))] as const);
      rows.push({ dataset, sketch: name, ...Object.fromEntries(cells), clusters: columns.at(-1)! });
    }
  }
  return {
    name: 'quantiles',
    question: 'How far off are the quantiles of a day after window, minute, hour and day merges (median over seeds)?',
    rows,
    targets: [
      {
        target: `every error at most ${MAX_ERROR_PERCENT} %`,
        value: `${worst.toFixed(3)} %`,
        met: worst <= MAX_ERROR_PERCENT,
      },
    ],
  };
}

await runWhenMain(import.meta.url, run);
