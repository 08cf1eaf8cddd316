/**
 * Which sequence numbers of one instance have been stored: the highest one and the gaps below it. Gaps are kept as
 * ranges, so that a sender that skips a billion numbers costs as much as one that skips one.
 */

/** Inclusive. */
export type SequenceRange = [from: number, to: number];

/** Beyond this the oldest gap is given up: what it holds counts as seen, because counting twice would be worse. */
const MAX_GAPS = 1_000;

export class SequenceSet {
  constructor(
    public highest = 0,
    readonly gaps: SequenceRange[] = [],
  ) {}

  has(seq: number): boolean {
    return seq <= this.highest && !this.gaps.some(([from, to]) => from <= seq && seq <= to);
  }

  add(seq: number): void {
    if (seq > this.highest) {
      if (seq > this.highest + 1) this.gaps.push([this.highest + 1, seq - 1]);
      if (this.gaps.length > MAX_GAPS) this.gaps.shift();
      this.highest = seq;
    } else {
      this.#fill(seq);
    }
  }

  #fill(seq: number): void {
    const index = this.gaps.findIndex(([from, to]) => from <= seq && seq <= to);
    const gap = this.gaps[index];
    if (gap === undefined) return;
    const rest: SequenceRange[] = [];
    if (gap[0] < seq) rest.push([gap[0], seq - 1]);
    if (seq < gap[1]) rest.push([seq + 1, gap[1]]);
    this.gaps.splice(index, 1, ...rest);
  }
}
