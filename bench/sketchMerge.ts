/** How long does a query over a day of 280 tools take to merge its digests? */
import { Digest } from '@mcp-vitals/sketch';
import tdigest from 'tdigest';
import { drawSamples } from './datasets.ts';
import { type BenchResult, runWhenMain } from './result.ts';

const DIGESTS = 6_720;
const CENTROIDS = 100;
const MAX_MS = 100;

function medianMs(rounds: number, work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}

/** An hour of a tool each: 100 centroids that stand for more samples the closer they are to the median. */
function hourOf(seed: number): { mean: number; n: number }[] {
  const means = drawSamples('lognormal', CENTROIDS, seed).sort();
  return Array.from(means, (mean, i) => ({ mean, n: 1 + Math.min(i, CENTROIDS - 1 - i) }));
}

export async function run(): Promise<BenchResult> {
  const hours = Array.from({ length: DIGESTS }, (_, i) => hourOf(i + 1));
  const digests = hours.map((hour) => Digest.fromCentroids(hour));
  const bytes = digests.map((digest) => digest.toBytes());
  const ours = medianMs(9, () => Digest.merge(digests).quantile(0.99));
  const stored = medianMs(9, () => Digest.merge(bytes.map((stored) => Digest.fromBytes(stored))).quantile(0.99));
  const theirs = medianMs(1, () => {
    const merged = new tdigest.TDigest();
    for (const hour of hours) merged.push_centroid(hour);
    merged.compress();
    merged.percentile(0.99);
  });
  const row = (name: string, ms: number) => ({
    sketch: name,
    ms: Number(ms.toFixed(1)),
    'ns per centroid': Math.round((1e6 * ms) / (DIGESTS * CENTROIDS)),
  });
  return {
    name: 'sketch merge',
    question: `How long does merging ${DIGESTS} digests of ${CENTROIDS} centroids take?`,
    rows: [row('@mcp-vitals/sketch', ours), row('@mcp-vitals/sketch, from bytes', stored), row('tdigest', theirs)],
    targets: [{ target: `under ${MAX_MS} ms`, value: `${ours.toFixed(1)} ms`, met: ours < MAX_MS }],
  };
}

await runWhenMain(import.meta.url, run);
