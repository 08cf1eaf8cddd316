/**
 * Benchmarks that are kept: the newest report of each target, tool and load, and baselines by name. A baseline holds sketches of
 * durations, and no arguments or results.
 */
import { VitalsError } from '../../errors.ts';
import type { BenchmarkReport, BenchmarkRequest, SavedBenchmark } from '../../model/benchmark.ts';
import type { Store } from '../../store/store.ts';

const KIND = 'benchmark';

/** Names of baselines of one target, tool and load; the oldest are forgotten. */
const MAX_NAMES = 20;

export interface KeptBaseline extends SavedBenchmark {
  /** Of an open loop. */
  offeredPerSecond: number | null;
  callers: number | null;
  /** As `baselineFile.ts` writes it. */
  baseline: string;
}

/** What has to be the same for two runs to compare. */
type Subject = Pick<BenchmarkRequest, 'target' | 'tool' | 'profile' | 'mode'>;

export class KeptRuns {
  constructor(private readonly store: Pick<Store, 'readItems' | 'saveItems' | 'deleteItems'>) {}

  async saveReport(report: BenchmarkReport): Promise<void> {
    await this.store.saveItems(KIND, [{ key: keyOf('report', report), value: report }]);
  }

  /** Newest first. */
  async reports(): Promise<BenchmarkReport[]> {
    const reports = await this.#read<BenchmarkReport>('report');
    return reports.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  async saveBaseline(baseline: KeptBaseline): Promise<void> {
    await this.store.saveItems(KIND, [{ key: keyOf('baseline', baseline, baseline.name), value: baseline }]);
    const surplus = (await this.baselines(baseline)).slice(MAX_NAMES);
    if (surplus.length === 0) return;
    await this.store.deleteItems(
      KIND,
      surplus.map((each) => keyOf('baseline', each, each.name)),
    );
  }

  /** Newest first. @param subject absent: of all */
  async baselines(subject?: Subject): Promise<KeptBaseline[]> {
    const prefix = subject === undefined ? 'baseline' : keyOf('baseline', subject);
    const baselines = await this.#read<KeptBaseline>(prefix);
    return baselines.sort((a, b) => (a.measuredAt < b.measuredAt ? 1 : -1));
  }

  /**
   * The one that a run is compared with.
   * @throws VitalsError `not_found` when one was named that is not there
   */
  async baselineFor(request: BenchmarkRequest): Promise<KeptBaseline | undefined> {
    const { compareWith } = request;
    if (compareWith === 'nothing') return undefined;
    const known = await this.baselines(request);
    if (compareWith === 'latest') return known[0];
    const named = known.find(({ name }) => name === compareWith.name);
    if (named !== undefined) return named;
    throw new VitalsError('not_found', 'There is no baseline of this name for this target, tool and load', {
      hint: 'Save one by `saveBaseline`; `compareBaseline: true` takes the newest.',
    });
  }

  async #read<Value>(prefix: string): Promise<Value[]> {
    const items = await this.store.readItems(KIND);
    return items.filter(({ key }) => key.startsWith(`${prefix}/`)).map(({ value }) => value as Value);
  }
}

/** Names may hold anything, so they are written as parts of a path. */
function keyOf(what: 'report' | 'baseline', { target, tool, profile, mode }: Subject, ...name: string[]): string {
  return [what, target, tool, profile, mode, ...name].map(encodeURIComponent).join('/');
}
