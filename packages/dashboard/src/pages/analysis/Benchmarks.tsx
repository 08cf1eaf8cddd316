/** The newest benchmarks. */
import type { BenchmarkResult } from '../../api/client.ts';
import { Name } from '../../components/Name.tsx';
import { Panel } from '../../components/Panel.tsx';
import { formatMs, formatNumber, formatTime } from '../../format/numbers.ts';

export function Benchmarks({ benchmarks }: { benchmarks: readonly BenchmarkResult[] }) {
  return (
    <Panel title="Benchmarks">
      {benchmarks.length === 0 && (
        <p class="soft empty">
          None was run. <code>mcp-vitals benchmark</code> runs one.
        </p>
      )}
      <ul class="plain-list">
        {benchmarks.map(({ target, tool, profile, at, callsPerSecond, p95Ms, change }) => (
          <li key={JSON.stringify([target, tool, profile, at])}>
            <p>
              <Name text={tool} /> of <Name text={target} />, {profile}:{' '}
              <b>
                {formatNumber(callsPerSecond)} calls/s{p95Ms !== null && `, p95 ${formatMs(p95Ms)}`}
              </b>
            </p>
            <p class="soft">
              {formatTime(at)}
              {change !== '' && `, ${change}`}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
