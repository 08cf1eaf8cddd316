/**
 * The window that is open: which series recorded something since the last seal. `seal` hands their samples over and
 * starts afresh. It opens with the first call after a seal, so that an idle server does nothing.
 */
import type { Clock } from '../clock.ts';
import type { SealedSeries, Series } from './series.ts';

const MINUTE_MS = 60_000;

export class OpenWindow {
  readonly #open: Series[] = [];
  #sealedEarly: SealedSeries[] = [];
  #isOpen = false;

  /** @param onOpen is called when the first sample arrives after a seal: time to plan the next one. */
  constructor(
    readonly clock: Pick<Clock, 'nowMs'>,
    readonly onOpen: () => void,
  ) {}

  /** Notes that `series` has something in this window. Called once per series and window. */
  admit(series: Series): void {
    series.isOpen = true;
    series.startMs = this.clock.nowMs();
    this.#open.push(series);
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.onOpen();
  }

  /** Seals one series whose buffer is full; the others stay open. */
  sealFull(series: Series): void {
    this.#sealedEarly.push(series.seal(this.clock.nowMs()));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Hands over everything recorded since the last seal. */
  seal(nowMs: number): SealedSeries[] {
    const sealed = this.takeRecorded(nowMs);
    this.#isOpen = false;
    return sealed;
  }

  /** As `seal`, but the window stays open: what is planned for its end stays planned. */
  takeRecorded(nowMs: number): SealedSeries[] {
    const sealed = this.#sealedEarly;
    this.#sealedEarly = [];
    for (const series of this.#open) {
      series.isOpen = false;
      if (hasCalls(series)) sealed.push(series.seal(nowMs));
    }
    this.#open.length = 0;
    return sealed;
  }
}

/** Milliseconds until a window that opens now must be sealed: its width, or less where a minute ends before. */
export function untilSealMs(nowMs: number, windowMs: number): number {
  const untilMinuteMs = MINUTE_MS - (nowMs % MINUTE_MS);
  return Math.min(windowMs, untilMinuteMs);
}

function hasCalls(series: Series): boolean {
  return series.outcomes.some((count) => count > 0);
}
