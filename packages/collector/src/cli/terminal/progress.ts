/** How far long work is: one line on stderr that is written over. On a pipe and in CI there is none. */
import { type Clock, systemClock } from '../../clock.ts';
import { age, count, duration } from './figures.ts';
import { cutTo } from './width.ts';

export interface Progress {
  /** As often as one likes: what is too soon is not drawn. */
  update(state: ProgressState): void;
  /** Takes the line away, so that what is printed next stands by itself. */
  end(): void;
}

export interface ProgressState {
  /** What is done, in any measure, and of how much; unknown: undefined. */
  done: number;
  total?: number | undefined;
  /** What is counted meanwhile; default: `done`. */
  counted?: number;
  /** What is being done, if that changes. */
  doing?: string;
}

/** Where it is drawn, and when. */
export interface ProgressPlace {
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;
  env: NodeJS.ProcessEnv;
  clock: Pick<Clock, 'monotonicMs'>;
}

const STDERR: ProgressPlace = { stream: process.stderr, env: process.env, clock: systemClock };

/** Ten times a second is as fast as anybody reads, and spares a slow line. */
const REDRAW_MS = 100;
/** Before that, the time left is a guess. */
const FORECAST_AFTER_MS = 2_000;
const BAR_COLUMNS = 24;

export function showsProgress({ stream, env }: ProgressPlace = STDERR): boolean {
  return stream.isTTY === true && !env.CI && env.TERM !== 'dumb';
}

/** @param unit plural, e.g. `rows` */
export function createProgress(unit: string, place = STDERR): Progress {
  if (!showsProgress(place)) return { update() {}, end() {} };
  const { stream, clock } = place;
  const startMs = clock.monotonicMs();
  let drawnMs = Number.NEGATIVE_INFINITY;
  let drawn = '';
  return {
    update(state) {
      const nowMs = clock.monotonicMs();
      if (nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      const line = cutTo(progressLine(unit, state, nowMs - startMs), (stream.columns || 80) - 1);
      if (line !== drawn) stream.write(`\r${line}\x1b[K`);
      drawn = line;
    },
    end() {
      if (drawn !== '') stream.write('\r\x1b[K');
      drawn = '';
      drawnMs = Number.NEGATIVE_INFINITY;
    },
  };
}

/** E.g. `[######......] 50 %  1,200 rows  600/s  2 s left`. */
export function progressLine(unit: string, state: ProgressState, elapsedMs: number): string {
  const { done, total, counted = done, doing = '' } = state;
  const perSecond = elapsedMs < 1 ? 0 : (1000 * counted) / elapsedMs;
  const amount = [`${count(counted)} ${unit}`, perSecond < 1 ? '' : `${count(perSecond)}/s`];
  const parts = total === undefined ? [...amount, duration(elapsedMs)] : [barOf(done / total), ...amount];
  const left = total === undefined ? '' : timeLeft(done / total, elapsedMs);
  return [...parts, left, doing].filter((part) => part !== '').join('  ');
}

/** @param share of nothing is none, and all of it is done */
function barOf(share: number): string {
  const known = Number.isNaN(share) ? 1 : Math.min(1, Math.max(0, share));
  const filled = '#'.repeat(Math.floor(BAR_COLUMNS * known)).padEnd(BAR_COLUMNS, '.');
  return `[${filled}] ${String(Math.floor(100 * known)).padStart(3)} %`;
}

function timeLeft(share: number, elapsedMs: number): string {
  if (!(share > 0 && share < 1) || elapsedMs < FORECAST_AFTER_MS) return '';
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
  return `${age(seconds * 1000)} left`;
}
