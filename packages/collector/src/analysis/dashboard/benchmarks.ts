/** The newest benchmarks, as the dashboard shows them. */
import type { ShownBenchmark } from '../../model/analysisDashboard.ts';
import type { BenchmarkReport } from '../../model/benchmark.ts';
import type { Benchmarks } from '../../serve/ports/benchmarks.ts';

export async function newestBenchmarks({ latest }: Pick<Benchmarks, 'latest'>): Promise<ShownBenchmark[]> {
  return (await latest({})).flatMap(shown);
}

/** A search for saturation has no durations, but a sentence. */
function shown({
  target,
  tool,
  profile,
  startedAt,
  figures,
  saturation,
  comparison,
}: BenchmarkReport): ShownBenchmark[] {
  const base = {
    target,
    tool,
    profile,
    atMs: Date.parse(startedAt),
    change: comparison?.words ?? saturation?.words ?? '',
  };
  if (figures !== null) {
    const p95Ms = figures.durations.find(({ name }) => name === 'p95')?.ms ?? null;
    return [{ ...base, callsPerSecond: figures.perSecond, p95Ms, errorPercent: figures.errorPercent }];
  }
  return saturation === null
    ? []
    : [
        {
          ...base,
          callsPerSecond: saturation.perSecond ?? saturation.heldPerSecond ?? 0,
          p95Ms: null,
          errorPercent: 0,
        },
      ];
}
