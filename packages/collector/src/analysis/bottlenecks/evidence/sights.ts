/**
 * Evidence as sights: of what is recent one per process, because each seals its windows at times of its own; of stored rows one
 * for all processes together.
 */
import type { BottleneckResolution } from '../../../model/bottleneck.ts';
import { groupBy } from '../../../model/groupBy.ts';
import type { Evidence, PackedEvidence, RowSource } from './evidence.ts';
import { unpackRows } from './packedRows.ts';
import { SeriesParts } from './seriesParts.ts';
import { emptyResources, RESOURCE_FIELDS, type ResourceColumns, type Sight } from './sight.ts';

/** A process seals all its windows at once, and reads its resources right after. */
const SAME_SEAL_MS = 250;

/** A window beside a sealed one of the same process ends with it; times were corrected by fractions of a millisecond. */
const SAME_END_MS = 2;

interface MeasuredRow extends RowSource {
  startMs: number;
  endMs: number;
  calls: number;
  errors: number;
  sum: number;
  max: number;
}

interface ResourceRow {
  instance: string;
  atMs: number;
  /** In the order of `RESOURCE_FIELDS`. */
  values: Float64Array;
}

export function recentSights({ server, instances, recent, clientP95Ms }: Evidence): Sight[] {
  return sightsOf(recent, clientP95Ms, (instance) => {
    const known = instances.find((one) => one.instance === instance);
    return { server, instance, version: known?.version ?? '', host: known?.host ?? '', resolution: 'second' };
  });
}

/** Empty where nothing is stored of the range, else one. */
export function storedSights({ server, stored, clientP95Ms }: Evidence): Sight[] {
  const { resolution } = stored;
  return sightsOf(stored, clientP95Ms, (instance) => ({ server, instance, version: '', host: '', resolution }));
}

interface Identity extends Pick<Sight, 'server' | 'instance' | 'version' | 'host'> {
  resolution: BottleneckResolution;
}

function sightsOf(
  { measured, resources }: PackedEvidence,
  clientP95Ms: Evidence['clientP95Ms'],
  identityOf: (instance: string) => Identity,
): Sight[] {
  const rows = unpackRows(measured, rowOf);
  const samples = groupBy(unpackRows(resources, sampleOf), ({ instance }) => instance);
  return [...groupBy(rows, ({ instance }) => instance)].map(([instance, own]) =>
    sightOf(
      identityOf(instance),
      own.sort((a, b) => a.endMs - b.endMs),
      (samples.get(instance) ?? []).sort((a, b) => a.atMs - b.atMs),
      clientP95Ms,
    ),
  );
}

function rowOf(source: RowSource, numbers: Float64Array): MeasuredRow {
  const [startMs, endMs, calls, errors, sum, max] = numbers;
  return { ...source, startMs: startMs!, endMs: endMs!, calls: calls!, errors: errors!, sum: sum!, max: max! };
}

function sampleOf({ instance }: { instance: string }, numbers: Float64Array): ResourceRow {
  return { instance, atMs: numbers[0]!, values: numbers.subarray(1) };
}

function sightOf(
  identity: Identity,
  rows: readonly MeasuredRow[],
  samples: readonly ResourceRow[],
  clientP95Ms: Evidence['clientP95Ms'],
): Sight {
  const { startMs, endMs, slotOf } = slotsOf(rows);
  const tools = new Set(rows.filter(({ kind }) => kind === 'tool').map(({ name }) => name));
  const parts = new SeriesParts(endMs.length, tools, clientP95Ms);
  for (const [index, row] of rows.entries()) parts.add(slotOf[index]!, row);
  const resources = resourcesAt(endMs, samples);
  return { ...identity, startMs, endMs, tools: parts.tools(), resources, follows: parts.follows() };
}

/** A slot for all rows that ended together. */
function slotsOf(rows: readonly MeasuredRow[]) {
  const [starts, ends]: [number[], number[]] = [[], []];
  const slotOf = rows.map(({ startMs, endMs }) => {
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

function resourcesAt(endMs: Float64Array, samples: readonly ResourceRow[]): ResourceColumns {
  const columns = emptyResources(endMs.length);
  let slot = 0;
  for (const { atMs, values } of samples) {
    while (slot < endMs.length - 1 && endMs[slot]! < atMs - SAME_SEAL_MS) slot += 1;
    if (slot >= endMs.length || Math.abs(endMs[slot]! - atMs) > SAME_SEAL_MS) continue;
    for (const [i, field] of RESOURCE_FIELDS.entries()) {
      if (!Number.isNaN(values[i]!)) columns[field][slot] = values[i]!;
    }
  }
  return columns;
}
