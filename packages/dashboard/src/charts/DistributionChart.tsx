/** How durations are spread over two spans, over each other: where a change came from, a shift or a second hump. */
import type { Distribution } from '../api/client.ts';
import { formatCount, formatFullTime, formatMs } from '../format/numbers.ts';

const [WIDTH, HEIGHT] = [600, 160];
const TICKS = 5;

export function DistributionChart({ distribution }: { distribution: Distribution }) {
  const { boundsMs, spans } = distribution;
  if (boundsMs.length === 0) return <p class="soft empty-chart">No calls in either span.</p>;
  const most = Math.max(...spans.flatMap(({ sharePercent }) => sharePercent), 0.001);
  const ticks = Array.from(
    { length: TICKS },
    (_, i) => boundsMs[Math.round(((boundsMs.length - 1) * i) / (TICKS - 1))]!,
  );
  return (
    <figure class="distribution">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={describe(distribution)}>
        {spans.map(({ sharePercent, from }, i) => (
          <path key={from} class={i === 0 ? 'distribution-now' : 'distribution-past'} d={outline(sharePercent, most)} />
        ))}
      </svg>
      <div class="distribution-ticks soft" aria-hidden="true">
        {ticks.map((bound) => (
          <span key={bound}>{formatMs(bound)}</span>
        ))}
      </div>
      <figcaption class="legend">
        {spans.map(({ from, to, summary }, i) => (
          <span key={from} class={i === 0 ? 'legend-now' : 'legend-past'}>
            {formatFullTime(from)} to {formatFullTime(to)}: {formatCount(summary.calls)} calls, p50{' '}
            {formatMs(summary.p50Ms)}, p95 {formatMs(summary.p95Ms)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

function outline(sharePercent: readonly number[], most: number): string {
  const width = WIDTH / sharePercent.length;
  const points = sharePercent.map((share, bin) => {
    const y = (HEIGHT - (share / most) * (HEIGHT - 8)).toFixed(1);
    return `L${(bin * width).toFixed(1)} ${y}L${((bin + 1) * width).toFixed(1)} ${y}`;
  });
  return `M0 ${HEIGHT}${points.join('')}L${WIDTH} ${HEIGHT}Z`;
}

function describe({ spans }: Distribution): string {
  return spans
    .map(
      ({ summary }) =>
        `${formatCount(summary.calls)} calls, p50 ${formatMs(summary.p50Ms)}, p95 ${formatMs(summary.p95Ms)}`,
    )
    .join('; compared with ');
}
