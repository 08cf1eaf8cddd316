/** An hour in the space of a word: calls per minute, minutes with failures in red. */
import type { ServerOverview } from '../api/client.ts';

const [WIDTH, HEIGHT] = [120, 28];

export function Sparkline({ spark }: { spark: ServerOverview['spark'] }) {
  const { calls, errors } = spark;
  const most = Math.max(1, ...calls);
  const step = WIDTH / calls.length;
  const y = (value: number) => HEIGHT - (value / most) * (HEIGHT - 2);
  const line = calls
    .map((value, i) => `${i === 0 ? 'M' : 'L'}${((i + 0.5) * step).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
  const failed = errors
    .map((value, i) =>
      value === 0 ? '' : `M${((i + 0.5) * step).toFixed(1)} ${HEIGHT}V${Math.min(HEIGHT - 3, y(value)).toFixed(1)}`,
    )
    .join('');
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="spark-area" d={`${line}L${WIDTH - step / 2} ${HEIGHT}L${step / 2} ${HEIGHT}Z`} />
      <path class="spark-line" d={line} />
      <path class="spark-errors" d={failed} />
    </svg>
  );
}
