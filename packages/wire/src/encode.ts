/** Batches to bytes. Free of zod, so that an SDK stays light. The layout: docs/wire-format.md. */
import { Packr } from 'msgpackr';
import { KINDS } from './kinds.ts';
import type { Batch, OutcomeCounts, SeriesKind } from './types.ts';

export * from './types.ts';

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** Gives each name a number; names are written once per batch. */
class NameTable {
  readonly names: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

function withoutTrailingZeros(outcomes: OutcomeCounts): number[] {
  let length = outcomes.length as number;
  while (length > 0 && outcomes[length - 1] === 0) length--;
  return outcomes.slice(0, length);
}

function kindNumber(kind: SeriesKind): number {
  return KINDS.indexOf(kind);
}

export function encodeBatch(batch: Batch): Uint8Array {
  const table = new NameTable();
  const windows = batch.windows.map((window) => [
    window.server,
    kindNumber(window.kind),
    table.numberOf(window.name),
    window.startMs,
    window.endMs - window.startMs,
    withoutTrailingZeros(window.outcomes),
    window.digest.toBytes(),
    ...(window.errors?.length
      ? [window.errors.map((e) => [e.atMs, e.errorClass, e.code, ...(e.message === undefined ? [] : [e.message])])]
      : []),
  ]);
  const inFlight = batch.inFlight.map((calls) => [
    calls.server,
    kindNumber(calls.kind),
    table.numberOf(calls.name),
    calls.count,
    calls.oldestAgeMs,
  ]);
  return packr.pack({
    v: batch.v,
    instance: batch.instance,
    seq: batch.seq,
    process: batch.process,
    servers: batch.servers.map((server) => [server.name, server.version]),
    names: table.names,
    windows,
    resources: batch.resources.map((r) => [
      r.atMs,
      r.cpuPercent,
      r.memoryMb,
      r.memoryPercent,
      r.diskIoKb,
      r.eventLoopDelayMs,
    ]),
    inFlight,
    dropped: batch.dropped,
  });
}
