/** Series of the authors' own that somebody asked for by name. */
import { parseSeriesName } from '@mcp-vitals/wire/decode';
import { VitalsError } from '../../errors.ts';
import { otherSeriesStats } from '../../model/callStats.ts';
import type { OtherSeriesStats } from '../../model/report.ts';
import { callCount } from '../../model/rollup.ts';
import { quoteUntrustedList } from '../../model/untrusted.ts';
import type { Store, TimeRange } from '../../store/store.ts';

const CUSTOM_KINDS = ['custom', 'counter', 'gauge'] as const;

/** Each label's value is a series of its own; beyond this many a name says nothing. */
const MAX_SERIES = 100;

/**
 * Those of the names with all their labels, or those whose name without labels it is; most samples first.
 * @throws VitalsError `not_found` for a name that no series ever had, with the names that there are
 */
export async function readCustomMetrics(
  store: Pick<Store, 'listSeries' | 'readRollups'>,
  range: TimeRange,
  server: string | undefined,
  names: readonly string[],
): Promise<OtherSeriesStats[]> {
  const filter = { server, kinds: CUSTOM_KINDS };
  const known = new Set((await store.listSeries(filter)).flatMap(({ name }) => [name, baseOf(name)]));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw notFound(unknown, new Set([...known].map(baseOf)));
  const { rollups } = await store.readRollups({ ...range, filter, scope: 'series', digests: true });
  const isWanted = (name: string) => names.includes(name) || names.includes(baseOf(name));
  return rollups
    .filter((rollup) => isWanted(rollup.series.name) && callCount(rollup) > 0)
    .map(otherSeriesStats)
    .sort((a, b) => b.samples - a.samples)
    .slice(0, MAX_SERIES);
}

function baseOf(name: string): string {
  return parseSeriesName(name).name;
}

function notFound(unknown: readonly string[], known: ReadonlySet<string>): VitalsError {
  const hint =
    known.size === 0
      ? 'There are none: a server makes them with getMonitor(), see the guide of the SDK.'
      : `There are: ${quoteUntrustedList([...known].sort())}.`;
  return new VitalsError('not_found', `No custom metric, counter or gauge is called ${quoteUntrustedList(unknown)}`, {
    hint,
  });
}
