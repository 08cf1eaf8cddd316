/**
 * What the log latency of a minute scatters like, by how many calls it holds: the typical value of one call is another than
 * that of two hundred, and both are learnt. The first call after a long rest is of a class of its own.
 */
import { Spread } from './spread.ts';

/** Doublings of the number of calls; the last class holds all above 256. */
const CLASSES = 9;
/** Below this, scatter is of the measurement: 5 %. */
const MIN_SIGMA = 0.05;
/** What a distance counts for at most where the tail is borrowed from another class, in sigma. */
const BORROWED_WORTH = 2.8;

export interface Expected {
  /** Distance of such minutes from the level. */
  center: number;
  sigma: number;
  worth(sigmas: number): number;
}

export class CallClasses {
  private readonly warm = Array.from({ length: CLASSES }, () => new Spread());
  private readonly cold = Array.from({ length: CLASSES }, () => new Spread());

  /** Undefined while nothing like it was seen. */
  expect(calls: number, isCold: boolean): Expected | undefined {
    const own = (isCold ? this.cold : this.warm)[classOf(calls)]!;
    if (own.isKnown) return expectedOf(own);
    return isCold ? undefined : this.borrow(classOf(calls));
  }

  learn(calls: number, isCold: boolean, distance: number, atMs: number): void {
    (isCold ? this.cold : this.warm)[classOf(calls)]!.add(distance, atMs);
  }

  /** From the nearest class that is known. More calls scatter less, but nobody knows yet by how much. */
  private borrow(wanted: number): Expected | undefined {
    for (let distance = 1; distance < CLASSES; distance += 1) {
      for (const other of [wanted - distance, wanted + distance]) {
        const spread = this.warm[other];
        if (!spread?.isKnown) continue;
        const { center, sigma, worth } = expectedOf(spread);
        const halvings = Math.max(0, other - wanted);
        return {
          center,
          sigma: sigma * Math.SQRT2 ** halvings,
          worth: (sigmas) => Math.min(BORROWED_WORTH, worth(sigmas)),
        };
      }
    }
    return undefined;
  }
}

function expectedOf(spread: Spread): Expected {
  return {
    center: spread.center,
    sigma: Math.max(MIN_SIGMA, spread.sigma),
    worth: (sigmas) => spread.worth(sigmas),
  };
}

function classOf(calls: number): number {
  return Math.min(CLASSES - 1, Math.floor(Math.log2(calls)));
}
