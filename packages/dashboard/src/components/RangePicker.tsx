/** The span of time that is shown. */
import { formatFullTime } from '../format/numbers.ts';
import { RANGES, type Range, rangeLengthMs, rangeName, rangeQuery } from '../route/range.ts';
import { changeQuery } from '../route/route.ts';

const NO_RANGE = { range: undefined, from: undefined, to: undefined };

export function showRange(range: Range): void {
  changeQuery({ ...NO_RANGE, ...rangeQuery(range) });
}

/** The span before or after, of the same length. */
export function shiftRange(range: Range, direction: -1 | 1): void {
  const lengthMs = rangeLengthMs(range);
  const toMs = (range.kind === 'fixed' ? range.toMs : Date.now()) + direction * lengthMs;
  const isNow = toMs >= Date.now();
  showRange(
    isNow ? { kind: 'newest', minutes: nearestMinutes(lengthMs) } : { kind: 'fixed', fromMs: toMs - lengthMs, toMs },
  );
}

function nearestMinutes(lengthMs: number): number {
  const minutes = lengthMs / 60_000;
  return Object.values(RANGES).find((each) => each >= minutes) ?? Object.values(RANGES).at(-1)!;
}

export function RangePicker({ range }: { range: Range }) {
  const pressed = rangeName(range);
  return (
    <div class="range" role="group" aria-label="Time range">
      <button
        type="button"
        class="button"
        aria-label="Earlier"
        title="Earlier ([)"
        onClick={() => shiftRange(range, -1)}
      >
        ‹
      </button>
      {Object.entries(RANGES).map(([name, minutes]) => (
        <button
          key={name}
          type="button"
          class="button"
          aria-pressed={name === pressed}
          onClick={() => showRange({ kind: 'newest', minutes })}
        >
          {name}
        </button>
      ))}
      <button
        type="button"
        class="button"
        aria-label="Later"
        title="Later (])"
        disabled={range.kind === 'newest'}
        onClick={() => shiftRange(range, 1)}
      >
        ›
      </button>
      {range.kind === 'fixed' && (
        <span class="soft nowrap">
          {formatFullTime(range.fromMs)} – {formatFullTime(range.toMs)}
        </span>
      )}
    </div>
  );
}
