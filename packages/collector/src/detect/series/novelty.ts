/**
 * Whether a metric does what it has never done: its newest stretch is unlike all earlier ones, its level moves, or it becomes
 * livelier or calmer, each by more than that ever was. For metrics of which nothing is known but their values. The statistics and
 * how they fade were chosen on the visible half of the Numenta Anomaly Benchmark, all series together.
 */
import { PastWindows } from './pastWindows.ts';
import { FadingRecord } from './record.ts';
import { Rolling } from './rolling.ts';

/** A week of minutes, or five of five minutes. */
const HISTORY = 10_080;
/** Stretches of 4 h and of a day, of a metric that is read every five minutes. */
const SHORT_STRETCH = 48;
const LONG_STRETCH = 288;
/** The level is that of a few values against that of a stretch. */
const LEVEL_VALUES = 4;
/** How lively it is, is that of a stretch against that of four days. */
const CALM_VALUES = 24 * SHORT_STRETCH;
/** Below a fiftieth of what is usual, less is no calmer. */
const LEAST_SPREAD = 0.02;
/** Stretches repeat, so their record may fade within three weeks of five minutes; the others four times slower. */
const STRETCH_MEMORY = 5_800;
const VALUE_MEMORY = 23_000;
/** Half a day of five minutes, before which everything is new. */
const WARM_UP = 150;
/** Values that make the usual size of a metric. */
const SIZE_MEMORY = 2_000;
/** From about a record on it is told, and then nothing less for a while: one event is one alarm. */
const TRIP = 0.95;
const REST = 100;

/** One thing that can be new: a statistic, and its record. */
interface Statistic {
  record: FadingRecord;
  /** Values before which it says nothing. */
  warmUp: number;
  next(value: number): number;
}

export class Novelty {
  readonly #statistics: readonly Statistic[] = [
    stretch(SHORT_STRETCH),
    stretch(LONG_STRETCH),
    compressedStretch(),
    level(),
    spread(),
  ];
  #seen = 0;
  #resting = 0;
  /** What began the rest; more than that is told all the same. */
  #told = 0;

  /** @returns 0 to 1; 0.5 is as new as the record */
  add(value: number): number {
    const ratio = this.#ratio(value);
    this.#seen += 1;
    if (this.#resting > 0 && ratio < this.#told) {
      this.#resting -= 1;
      return 0;
    }
    if (ratio > TRIP) {
      this.#resting = REST;
      this.#told = ratio;
    }
    return ratio / (1 + ratio);
  }

  /** The greatest of the statistics, in multiples of their records. */
  #ratio(value: number): number {
    let greatest = 0;
    for (const { record, warmUp, next } of this.#statistics) {
      const ratio = record.add(next(value));
      if (this.#seen >= warmUp) greatest = Math.max(greatest, ratio);
    }
    return greatest;
  }
}

function stretch(width: number): Statistic {
  const past = new PastWindows(width, HISTORY);
  const record = new FadingRecord(STRETCH_MEMORY);
  return { record, warmUp: Math.max(WARM_UP, 2 * width), next: (value) => past.add(value) };
}

/** On a scale on which one spike does not hide all else. */
function compressedStretch(): Statistic {
  const past = new PastWindows(SHORT_STRETCH, HISTORY);
  let size = 0;
  let seen = 0;
  const next = (value: number) => {
    seen = Math.min(seen + 1, SIZE_MEMORY);
    size += (Math.abs(value) - size) / seen;
    return past.add(Math.asinh((3 * value) / Math.max(size, Number.EPSILON)));
  };
  return { record: new FadingRecord(VALUE_MEMORY), warmUp: WARM_UP, next };
}

function level(): Statistic {
  const few = new Rolling(LEVEL_VALUES);
  const many = new Rolling(SHORT_STRETCH);
  const next = (value: number) => {
    few.add(value);
    many.add(value);
    return Math.abs(few.mean - many.mean);
  };
  return { record: new FadingRecord(VALUE_MEMORY), warmUp: WARM_UP, next };
}

/** Livelier or calmer, on the logarithm. */
function spread(): Statistic {
  const few = new Rolling(SHORT_STRETCH);
  const many = new Rolling(CALM_VALUES);
  const next = (value: number) => {
    few.add(value);
    many.add(value);
    const least = LEAST_SPREAD * many.deviation + Number.EPSILON;
    return Math.abs(Math.log((few.deviation + least) / (many.deviation + least)));
  };
  return { record: new FadingRecord(VALUE_MEMORY), warmUp: WARM_UP, next };
}
