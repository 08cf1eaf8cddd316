/**
 * Everything of one store into another, in slices of time. What is there already is left alone and what is done is noted in
 * the target, so that a copy that was interrupted goes on where it was; at the end, both are asked the same and compared.
 */
import type { Alert } from '../model/alert.ts';
import { DAY_MS, HOUR_MS, type SeriesRollup } from '../model/rollup.ts';
import type { ItemKind, RollupLevel, Store, TimeRange } from '../store/store.ts';

export interface CopyProgress {
  /** Slices of time that are done, of all there are. */
  done: number;
  total: number;
  /** Rows that were new to the target. */
  rows: number;
}

export interface CopyOptions {
  from: Store;
  to: Store;
  /** What the source is called; a copy goes on only where one of the same source was. */
  source: string;
  /** Where rows may begin and end. */
  range: TimeRange;
  onProgress?: (progress: CopyProgress) => void;
}

export interface CopyResult {
  rows: number;
  /** Days and servers whose answers were compared. */
  compared: number;
  /** What is not the same, in words. */
  differences: string[];
}

/** Coarse first: the target makes coarser rows of finer ones only where it has none. */
const LEVELS: readonly [level: RollupLevel, sliceMs: number][] = [
  ['day', 30 * DAY_MS],
  ['hour', DAY_MS],
  ['minute', HOUR_MS],
];

/**
 * What other stages keep; notifications that wait are sent by whoever has the target. What an Alertmanager has told is not
 * copied: it tells again.
 */
const KINDS: readonly ItemKind[] = [
  'notification',
  'silence',
  'objective',
  'digest',
  'token',
  'deploy',
  'schedule',
  'otlp_source',
  'audit',
  'alert_rule',
  'policy',
  'benchmark',
];

/** How far, in ranks, the same quantile may be off when it comes from sketches that were merged in another order. */
const RANK_TOLERANCE = 0.01;

export async function copyStore(options: CopyOptions): Promise<CopyResult> {
  const run = new Copy(options);
  await run.rows();
  await run.documents();
  await options.to.finishImport();
  return { rows: run.added, ...(await compare(options)) };
}

interface Slice extends TimeRange {
  level: RollupLevel;
}

class Copy {
  added = 0;

  constructor(private readonly options: CopyOptions) {}

  async rows(): Promise<void> {
    const { source, to, onProgress } = this.options;
    const slices = this.#slices();
    const key = `copy of ${source}`;
    const noted = (await to.readItems('copy')).find((item) => item.key === key);
    const before = Number(noted?.value ?? 0);
    for (let done = Math.min(before, slices.length); done < slices.length; done++) {
      onProgress?.({ done, total: slices.length, rows: this.added });
      await this.#copy(slices[done]!);
      await to.saveItems('copy', [{ key, value: done + 1 }]);
    }
    onProgress?.({ done: slices.length, total: slices.length, rows: this.added });
  }

  async documents(): Promise<void> {
    const { from, to, range } = this.options;
    await to.importSenders(await from.readSenders());
    for (const threshold of await from.listThresholds()) await to.saveThreshold(threshold);
    for (const alert of (await from.readAlerts({})).reverse()) await this.#copyAlert(alert);
    await to.saveAnomalies(await from.readAnomalies(range, {}));
    await to.saveWatchStates(await from.readWatchStates());
    for (const kind of KINDS) await to.saveItems(kind, await from.readItems(kind));
  }

  /** Alerts that are there already may have gone on there. */
  async #copyAlert(alert: Alert): Promise<void> {
    const { to } = this.options;
    if ((await to.getAlert(alert.alertId)) !== undefined) return;
    await to.saveAlert(alert);
    // Numbers that were given are not given again.
    const [, day, number] = /^alert-(\d{8})-(\d+)$/.exec(alert.alertId) ?? [];
    if (day === undefined) return;
    while ((await to.nextNumber(day)) < Number(number));
  }

  #slices(): Slice[] {
    const { fromMs, toMs } = this.options.range;
    return LEVELS.flatMap(([level, sliceMs]) => {
      const slices: Slice[] = [];
      for (let at = Math.floor(fromMs / sliceMs) * sliceMs; at < toMs; at += sliceMs) {
        slices.push({ level, fromMs: at, toMs: at + sliceMs });
      }
      return slices;
    });
  }

  async #copy({ level, ...range }: Slice): Promise<void> {
    const { from, to } = this.options;
    for await (const page of from.scanRollups(level, range)) this.added += await to.importRollups(level, page);
    for await (const page of from.scanResources(level, range)) this.added += await to.importResources(level, page);
  }
}

/** Calls must be the same to the last one, quantiles within the tolerance, of each server on each day. */
async function compare({ from, to, range }: CopyOptions): Promise<Omit<CopyResult, 'rows'>> {
  const differences: string[] = [];
  let compared = 0;
  for (let at = Math.floor(range.fromMs / DAY_MS) * DAY_MS; at < range.toMs; at += DAY_MS) {
    const query = { fromMs: at, toMs: at + DAY_MS, filter: {}, scope: 'server', digests: true } as const;
    const [ours, theirs] = [await from.readRollups(query), await to.readRollups(query)];
    const found = new Map(theirs.rollups.map((rollup) => [rollup.series.server, rollup]));
    for (const rollup of ours.rollups) {
      compared += 1;
      const subject = `${JSON.stringify(rollup.series.server)} on ${new Date(at).toISOString().slice(0, 10)}`;
      const difference = differenceOf(rollup, found.get(rollup.series.server));
      if (difference !== undefined) differences.push(`${subject}: ${difference}`);
    }
  }
  return { compared, differences };
}

function differenceOf(ours: SeriesRollup, theirs: SeriesRollup | undefined): string | undefined {
  if (theirs === undefined) return 'is missing';
  if (ours.outcomes.some((count, i) => count !== theirs.outcomes[i])) {
    return `counted ${theirs.outcomes.join(', ')} instead of ${ours.outcomes.join(', ')}`;
  }
  for (const q of [0.5, 0.95, 0.99]) {
    if (ours.digest === undefined || theirs.digest === undefined || ours.digest.count === 0) continue;
    const value = theirs.digest.quantile(q);
    const ranks = Math.max(RANK_TOLERANCE, 1 / ours.digest.count);
    const [least, most] = [ours.digest.quantile(Math.max(0, q - ranks)), ours.digest.quantile(Math.min(1, q + ranks))];
    // A cluster of either may lie between two of the other.
    const slack = 1e-3 * Math.abs(most);
    if (value < least - slack || value > most + slack) {
      return `p${100 * q} is ${value} instead of ${least} to ${most}`;
    }
  }
  return undefined;
}
