/**
 * The two ways in which digests lie in the database. As `tdigest` of the extension of this name, they are merged where the
 * rows are: on the database's own processors, and with Citus on its workers. As `bytea` in our own encoding, the database
 * hands out all of them and the collector merges: exact, and slower.
 */
import { type Centroid, Digest } from '@mcp-vitals/sketch';
import { VitalsError } from '../../errors.ts';
import type { CopyWriter } from './copyWriter.ts';
import { framedSql, framesOf } from './frames.ts';

export interface DigestColumn {
  readonly type: 'tdigest' | 'bytea';
  /** Whether an aggregate in SQL makes one stored value of many. */
  readonly mergesInDatabase: boolean;
  /** Appends a stored value to a row; NULL for an empty digest. */
  write(rows: CopyWriter, digest: Digest | undefined): void;
  /** An SQL expression of type `bytea` over all rows of a group, for `decode`. */
  aggregate(column: string): string;
  /** An SQL aggregate whose value can be stored; only where `mergesInDatabase`. */
  merge(column: string): string;
  /** @param minMs of the same rows, as is `maxMs`; NaN when there is none */
  decode(bytes: Buffer | null, minMs: number, maxMs: number): Digest[];
}

/**
 * Measured over minutes of 100 lognormal samples, merged to hours and to a day: rank error 0.5 % at p50, 0.2 % at p90 and
 * 0.03 % at p95 and above, with 1 kB a minute. 100 gives 1.3 % at p50; 300 gives 0.1 %, and every merge takes a third longer.
 */
export const TDIGEST_COMPRESSION = 200;

const HEADER_BYTES = 20;
const CENTROID_BYTES = 16;
/** Means are stored; version 0 of the format stored sums. */
const STORES_MEANS = 1;

export const TDIGEST_COLUMN: DigestColumn = {
  type: 'tdigest',
  mergesInDatabase: true,
  write(rows, digest) {
    if (digest === undefined || digest.count === 0) rows.null();
    else rows.value(tdigestLength(digest), (bytes, at) => writeTdigest(digest, bytes, at));
  },
  // Text output rounds to six decimals; the binary form does not.
  aggregate: (column) => `tdigest_send(tdigest(${column}))`,
  merge: (column) => `tdigest(${column})`,
  decode: (bytes, minMs, maxMs) => (bytes === null ? [] : [digestOfTdigest(bytes, minMs, maxMs)]),
};

export const BYTEA_COLUMN: DigestColumn = {
  type: 'bytea',
  mergesInDatabase: false,
  write(rows, digest) {
    rows.bytes(digest === undefined || digest.count === 0 ? null : digest.toBytes());
  },
  aggregate: (column) => `string_agg(${framedSql(column)}, ''::bytea)`,
  merge() {
    throw new Error('bytea digests are merged in the collector');
  },
  decode: (bytes) => (bytes === null ? [] : Array.from(framesOf(bytes), (frame) => Digest.fromBytes(frame))),
};

/**
 * What `tdigest_recv` reads. It checks little: an inconsistent value would be stored and crash a query later, so what is
 * written here is made only from a digest whose clusters are in order and whose weights add up.
 */
function writeTdigest(digest: Digest, bytes: Buffer, start: number): void {
  bytes.writeInt32BE(STORES_MEANS, start);
  writeCount(bytes, digest.count, start + 4);
  bytes.writeInt32BE(TDIGEST_COMPRESSION, start + 12);
  bytes.writeInt32BE(digest.size, start + 16);
  let at = start + HEADER_BYTES;
  let count = 0;
  let previous = Number.NEGATIVE_INFINITY;
  digest.forEach((mean, n) => {
    if (!(mean >= previous) || !(n > 0))
      throw new RangeError(`centroid ${mean} x ${n} after ${previous}: not in order`);
    previous = mean;
    count += n;
    bytes.writeDoubleBE(mean, at);
    at = writeCount(bytes, n, at + 8);
  });
  if (count !== digest.count) throw new RangeError(`${count} samples in centroids, ${digest.count} in the digest`);
}

function tdigestLength(digest: Digest): number {
  return HEADER_BYTES + CENTROID_BYTES * digest.size;
}

function writeCount(bytes: Buffer, count: number, at: number): number {
  bytes.writeUInt32BE(Math.floor(count / 2 ** 32), at);
  return bytes.writeUInt32BE(count % 2 ** 32, at + 4);
}

function digestOfTdigest(bytes: Buffer, minMs: number, maxMs: number): Digest {
  if (bytes.readInt32BE(0) !== STORES_MEANS) {
    throw new VitalsError('conflict', 'The tdigest extension stores digests in a form this program does not know.');
  }
  const size = bytes.readInt32BE(16);
  const centroids: Centroid[] = [];
  for (let i = 0, at = HEADER_BYTES; i < size; i++, at += CENTROID_BYTES) {
    centroids.push({ mean: bytes.readDoubleBE(at), n: Number(bytes.readBigInt64BE(at + 8)) });
  }
  return Digest.fromCentroids(withExtremes(centroids, minMs, maxMs));
}

/** The smallest and the largest sample by themselves: the extension may have merged them with their neighbours. */
function withExtremes(centroids: Centroid[], minMs: number, maxMs: number): Centroid[] {
  if (Number.isNaN(minMs)) return centroids;
  const clamped = centroids.map(({ mean, n }) => ({ mean: Math.min(maxMs, Math.max(minMs, mean)), n }));
  const first = clamped[0];
  if (first !== undefined && first.n > 1 && first.mean > minMs) {
    clamped.splice(0, 1, { mean: minMs, n: 1 }, without(first, minMs, minMs, maxMs));
  }
  const last = clamped.at(-1);
  if (last !== undefined && last.n > 1 && last.mean < maxMs) {
    clamped.splice(-1, 1, without(last, maxMs, minMs, maxMs), { mean: maxMs, n: 1 });
  }
  return clamped;
}

function without({ mean, n }: Centroid, sample: number, minMs: number, maxMs: number): Centroid {
  return { mean: Math.min(maxMs, Math.max(minMs, (mean * n - sample) / (n - 1))), n: n - 1 };
}
