/** The newest minutes, window by window: one sight per process, because each seals its windows at times of its own. */

import { groupBy } from '../../../model/groupBy.ts';
import type { RecentInstance, RecentResources, RecentWindow } from '../../../serve/services.ts';
import { SeriesParts } from './seriesParts.ts';
import { emptyResources, RESOURCE_FIELDS, type ResourceColumns, type Sight } from './sight.ts';

/** A process seals all its windows at once, and reads its resources right after. */
const SAME_SEAL_MS = 250;

/** A window beside a sealed one of the same process ends with it; times were corrected by fractions of a millisecond. */
const SAME_END_MS = 2;

/**
 * @param windows of one server, ascending by their end
 * @param resources of one server, ascending
 */
export function recentSights(
  server: string,
  windows: readonly RecentWindow[],
  resources: readonly RecentResources[],
  instances: readonly RecentInstance[],
): Sight[] {
  const byInstance = groupBy(windows, ({ instance }) => instance);
  const samples = groupBy(resources, ({ instance }) => instance);
  return [...byInstance].map(([instance, own]) => {
    const known = instances.find((one) => one.instance === instance);
    return sightOf(
      { server, instance, version: known?.version ?? '', host: known?.host ?? '' },
      own,
      samples.get(instance) ?? [],
    );
  });
}

type Identity = Pick<Sight, 'server' | 'instance' | 'version' | 'host'>;

function sightOf(identity: Identity, windows: readonly RecentWindow[], samples: readonly RecentResources[]): Sight {
  const { startMs, endMs, slotOf } = slotsOf(windows);
  const parts = new SeriesParts(
    endMs.length,
    new Set(windows.filter(({ kind }) => kind === 'tool').map(({ name }) => name)),
  );
  for (const [index, { kind, name, calls, errors, sumMs, maxMs }] of windows.entries()) {
    parts.add(slotOf[index]!, { kind, name, calls, errors, sum: sumMs, max: maxMs });
  }
  const resources = resourcesAt(endMs, samples);
  return {
    ...identity,
    resolution: 'second',
    startMs,
    endMs,
    tools: parts.tools(),
    resources,
    follows: parts.follows(),
  };
}

/** A slot for all windows that ended together. */
function slotsOf(windows: readonly RecentWindow[]) {
  const [starts, ends]: [number[], number[]] = [[], []];
  const slotOf = windows.map(({ startMs, endMs }) => {
    const last = ends.length - 1;
    if (last >= 0 && endMs - ends[last]! <= SAME_END_MS) {
      starts[last] = Math.min(starts[last]!, startMs);
      return last;
    }
    starts.push(startMs);
    return ends.push(endMs) - 1;
  });
  return { startMs: Float64Array.from(starts), endMs: Float64Array.from(ends), slotOf };
}

function resourcesAt(endMs: Float64Array, samples: readonly RecentResources[]): ResourceColumns {
  const columns = emptyResources(endMs.length);
  let slot = 0;
  for (const sample of samples) {
    while (slot < endMs.length - 1 && endMs[slot]! < sample.atMs - SAME_SEAL_MS) slot += 1;
    if (slot >= endMs.length || Math.abs(endMs[slot]! - sample.atMs) > SAME_SEAL_MS) continue;
    for (const field of RESOURCE_FIELDS) {
      const value = sample[field];
      if (value !== undefined) columns[field][slot] = value;
    }
  }
  return columns;
}
