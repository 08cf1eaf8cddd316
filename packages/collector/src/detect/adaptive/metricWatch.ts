/**
 * Whether a metric that a server measures itself does what it has never done. Nothing is known of what its values mean, so what is
 * found is worth a look and never an alarm.
 */
import { MINUTE_MS } from '../../model/rollup.ts';
import { Deviation } from '../series/deviation.ts';
import { Novelty } from '../series/novelty.ts';
import { Rolling } from '../series/rolling.ts';
import type { Reading } from './observation.ts';

/** The thresholds that do best on the Numenta Anomaly Benchmark and on the first halves of the AIOps KPI series. */
const NEW = 0.511;
const FAR = 2.3;
/** Whether a new level is an incident or how things are now, nobody can say: it is shown for so long. */
const SHOWN_MS = 15 * MINUTE_MS;
const USUAL_VALUES = 60;
const USUAL_SIGMAS = 2;
/** A first day says how the metric goes. */
const MIN_VALUES = 1_440;

export class MetricWatch {
  isOpen = false;
  reading: Reading | undefined;
  readonly #novelty = new Novelty();
  readonly #deviation = new Deviation(MINUTE_MS);
  readonly #usual = new Rolling(USUAL_VALUES);
  #values = 0;

  /** Minutes in order; one without a value is left out. */
  observe(atMs: number, value: number): void {
    const isNew = this.#novelty.add(value) >= NEW;
    const isFar = this.#deviation.add(value) >= FAR;
    this.#values += 1;
    if ((isNew || isFar) && this.#values > MIN_VALUES) this.#open(atMs, value);
    else if (this.reading !== undefined && atMs - this.reading.sinceMs >= SHOWN_MS) this.#close();
    this.#usual.add(value);
  }

  #open(atMs: number, value: number): void {
    const { mean, deviation } = this.#usual;
    const reach = USUAL_SIGMAS * deviation;
    this.isOpen = true;
    this.reading ??= { sinceMs: atMs, value, low: mean - reach, high: mean + reach };
  }

  #close(): void {
    this.isOpen = false;
    this.reading = undefined;
  }
}
