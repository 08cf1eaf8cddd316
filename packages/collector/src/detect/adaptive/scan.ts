/** The last minutes of a series as distances from its baseline, and how strongly the newest of them speak against it. */

/** As long as the slowest change that is to be seen as one episode: two hours. */
const SCAN_MINUTES = 128;

/** Spans whose means are tested, in minutes: each about a quarter longer than the one before, so that none fits badly. */
const SPANS = new Set([1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 32, 40, 50, 64, 80, 102, 128]);

/** One or two slow calls are nobody's incident, whatever their chance. */
export const MIN_CALLS = 5;

export interface Evidence {
  /** Log-likelihood ratio of a change against none, nats. */
  nats: number;
  /** Distance from the baseline that the evidence is for. */
  mean: number;
  /** Newest minutes it is of. */
  minutes: number;
}

export interface Judgement {
  /** A mean nearer than this is no change that anybody minds. */
  least: number;
  /** How far the baseline itself may be off for long, and one that is further off. */
  allowed: number;
  /** Standard deviation of what the baseline is off by. */
  drift: number;
}

export class Scan {
  private readonly distances = new Float64Array(SCAN_MINUTES);
  private readonly precisions = new Float64Array(SCAN_MINUTES);
  private readonly raw = new Float32Array(SCAN_MINUTES);
  private readonly calls = new Float32Array(SCAN_MINUTES);
  private next = 0;
  private filled = 0;

  /**
   * @param precision 1 / variance of the distance; 0 for a minute that says nothing
   * @param raw the distance before it was cut to what such a minute can say
   */
  add(distance: number, precision: number, raw: number, calls: number): void {
    this.distances[this.next] = distance;
    this.precisions[this.next] = precision;
    this.raw[this.next] = raw;
    this.calls[this.next] = calls;
    this.next = (this.next + 1) % SCAN_MINUTES;
    if (this.filled < SCAN_MINUTES) this.filled += 1;
  }

  /** Forgets what was before: an episode that is over says nothing about the next. */
  clear(): void {
    this.filled = 0;
  }

  /** Mean of the newest minutes as they were, of those that say something; 0 of none. */
  rawMean(minutes: number): number {
    let weight = 0;
    let weighted = 0;
    for (let back = 1; back <= Math.min(minutes, this.filled); back += 1) {
      const i = this.at(back);
      weight += this.precisions[i]!;
      weighted += this.precisions[i]! * this.raw[i]!;
    }
    return weight > 0 ? weighted / weight : 0;
  }

  /** Weighted mean of the newest minutes; weight 0 when they say nothing. */
  recent(minutes: number): { mean: number; weight: number; calls: number } {
    let calls = 0;
    let weight = 0;
    let weighted = 0;
    for (let back = 1; back <= Math.min(minutes, this.filled); back += 1) {
      const i = this.at(back);
      weight += this.precisions[i]!;
      weighted += this.precisions[i]! * this.distances[i]!;
      calls += this.calls[i]!;
    }
    return { mean: weight > 0 ? weighted / weight : 0, weight, calls };
  }

  /**
   * The span ending now whose mean speaks most for a change upwards: the likelihood ratio of normal means of known
   * precision, once with a baseline that is off by chance, once with one that is off by as much as is allowed.
   */
  strongest({ least, allowed, drift }: Judgement): Evidence {
    const best: Evidence = { nats: 0, mean: 0, minutes: 0 };
    let calls = 0;
    let weight = 0;
    let weighted = 0;
    for (let minutes = 1; minutes <= this.filled; minutes += 1) {
      const i = this.at(minutes);
      calls += this.calls[i]!;
      weight += this.precisions[i]!;
      weighted += this.precisions[i]! * this.distances[i]!;
      if (weight === 0 || calls < MIN_CALLS || !SPANS.has(minutes)) continue;
      const mean = weighted / weight;
      if (mean < least) continue;
      const beyondChance = mean ** 2 / (2 * (1 / weight + drift ** 2));
      const beyondAllowed = (Math.max(0, mean - allowed) ** 2 * weight) / 2;
      const nats = Math.max(beyondChance, beyondAllowed);
      if (nats > best.nats) Object.assign(best, { nats, mean, minutes });
    }
    return best;
  }

  private at(back: number): number {
    return (this.next - back + SCAN_MINUTES) % SCAN_MINUTES;
  }
}
