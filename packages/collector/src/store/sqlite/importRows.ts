/**
 * Rows from elsewhere. A row that is there already is left alone, so importing the same tree twice changes nothing and no
 * measurement of our own is overwritten.
 */
import type { Accumulator } from '../accumulator.ts';
import { floorTo, LEVELS } from '../levels.ts';
import { SequenceSet } from '../sequenceSet.ts';
import type { RollupLevel, StoredResources, StoredRollup, StoredSenders } from '../store.ts';
import { mergeScopes } from './closeMinutes.ts';
import type { DirtyMark } from './coverage.ts';
import type { StoreParts } from './parts.ts';
import { ALL_SERVERS_ID } from './seriesRegistry.ts';

/** @returns the number of rows that were new; rows older than what their level still keeps are not */
export function importRollups(parts: StoreParts, level: RollupLevel, rows: readonly StoredRollup[]): number {
  const { connection, coverage, registry, rollups } = parts;
  const marks: DirtyMark[] = [];
  const starts = new Set<number>();
  let added = 0;
  connection.transaction(() => {
    for (const { series, scope, ...row } of rows) {
      if (row.startMs < coverage.keptFrom[level] || row.startMs % LEVELS[level].spanMs !== 0) continue;
      const server = scope === 'all' ? undefined : registry.server(series.server);
      const id =
        server === undefined
          ? ALL_SERVERS_ID
          : scope === 'server'
            ? server.scopeId
            : registry.id(server, series.kind, series.name);
      if (!rollups[level].insertIfAbsent({ ...row, series: id })) continue;
      added++;
      starts.add(row.startMs);
      marks.push(...coverage.marksFor(level, row.startMs, id));
    }
    // The rows of servers and of everything do not travel with minutes: they follow from the series, all at once at the end.
    if (level === 'minute')
      for (const startMs of starts) connection.run(`INSERT OR IGNORE INTO dirty VALUES ('minute', ?, 0)`, startMs);
    registry.save();
    coverage.saveMarks(marks);
  });
  registry.saved();
  coverage.marked(marks);
  return added;
}

export function importResources(
  { connection, coverage, registry, resources }: StoreParts,
  level: RollupLevel,
  rows: readonly StoredResources[],
): number {
  const marks: DirtyMark[] = [];
  let added = 0;
  connection.transaction(() => {
    for (const row of rows) {
      if (row.startMs < coverage.keptFrom[level] || row.startMs % LEVELS[level].spanMs !== 0) continue;
      const server = registry.server(row.server);
      if (!resources[level].insertIfAbsent({ ...row, server: server.name })) continue;
      added++;
      marks.push(...coverage.marksFor(level, row.startMs, server.scopeId));
    }
    registry.save();
    coverage.saveMarks(marks);
  });
  registry.saved();
  coverage.marked(marks);
  return added;
}

/**
 * Where only coarser rows came, finer ones are gone: the planner must not look for them. And where coarser rows came without
 * having been merged here, they are complete as they are.
 */
export function finishImport(parts: StoreParts): void {
  rebuildImportedScopes(parts);
  const { connection, rollups, coverage } = parts;
  connection.transaction(() => {
    for (const [finer, coarser] of [
      ['hour', 'day'],
      ['minute', 'hour'],
    ] as const) {
      const coarse = rollups[coarser].extent();
      if (coarse === undefined) continue;
      const { spanMs } = LEVELS[coarser];
      const fine = rollups[finer].extent();
      const goneUntil = fine === undefined ? coarse.lastMs + spanMs : floorTo(spanMs, fine.firstMs);
      if (coarse.firstMs >= goneUntil) continue;
      if (goneUntil > coverage.keptFrom[finer]) coverage.keepFrom(finer, goneUntil);
      if (goneUntil > coverage.mergedUntil[coarser]) coverage.mergeUntil(coarser, goneUntil);
    }
  });
}

/** Makes the rows of servers and of everything for minutes that were imported. */
export function rebuildImportedScopes(parts: StoreParts): void {
  const { connection, coverage } = parts;
  for (const { start } of connection.all(`SELECT start FROM dirty WHERE level = 'minute' ORDER BY start`)) {
    const marks = connection.transaction(() => {
      connection.run(`DELETE FROM dirty WHERE level = 'minute' AND start = ?`, start!);
      const made = rebuildScopes(parts, Number(start));
      coverage.saveMarks(made);
      return made;
    });
    coverage.marked(marks);
  }
}

function rebuildScopes({ rollups, registry, coverage }: StoreParts, startMs: number): DirtyMark[] {
  const table = rollups.minute;
  const series: [number, Accumulator][] = [];
  table.readGroups({ fromMs: startMs, toMs: startMs + LEVELS.minute.spanMs, digests: true }, (id, _start, sum) =>
    series.push([id, sum]),
  );
  const marks: DirtyMark[] = [];
  for (const [id, sum] of mergeScopes(series, registry)) {
    table.write(startMs, id, sum);
    marks.push(...coverage.marksFor('minute', startMs, id));
  }
  return marks;
}

export function readSenders({ instances, servers }: StoreParts): StoredSenders {
  const senders = Array.from(instances.list(), ({ id, seqs, ...rest }) => ({
    instance: id,
    lastSeenMs: rest.lastSeenMs,
    highestSeq: seqs.highest,
    gaps: seqs.gaps.map(([from, to]): [number, number] => [from, to]),
    process: rest.process,
    skewMs: rest.skewMs,
    servers: rest.servers,
  }));
  return { senders, servers: servers.list() };
}

export function importSenders({ connection, instances, servers }: StoreParts, imported: StoredSenders): void {
  for (const { instance, highestSeq, gaps, ...rest } of imported.senders)
    instances.learn({ ...rest, id: instance, seqs: new SequenceSet(highestSeq, gaps), inFlight: [] });
  for (const server of imported.servers) servers.learn(server);
  connection.transaction(() => {
    instances.save();
    servers.save();
  });
  instances.saved();
  servers.saved();
}
