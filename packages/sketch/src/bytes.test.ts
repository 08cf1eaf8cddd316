import fc from 'fast-check';
import { describe, expect, inject, it, test } from 'vitest';
import { DATASETS, draw, samples } from './datasets.testkit.ts';
import { Digest } from './digest.ts';
import { SketchFormatError } from './formatError.ts';

function digestOf(values: Iterable<number>): Digest {
  const digest = new Digest();
  for (const value of values) digest.add(value);
  return digest;
}

function figures({ count, sum, min, max }: Digest): number[] {
  return [count, sum, min, max];
}

/** Reads `bytes`, and checks that what comes out is usable or that the error is the one that is promised. */
function expectDigestOrRefusal(bytes: Uint8Array): void {
  let digest: Digest;
  try {
    digest = Digest.fromBytes(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(SketchFormatError);
    return;
  }
  const median = digest.quantile(0.5);
  expect(digest.count === 0 ? Number.isNaN(median) : median >= digest.min && median <= digest.max).toBe(true);
  expect(Digest.fromBytes(digest.toBytes()).count).toBe(digest.count);
}

test('count, sum, min and max survive', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const digest = digestOf(values);
      expect(figures(Digest.fromBytes(digest.toBytes())).every((figure, i) => figure === figures(digest)[i])).toBe(
        true,
      );
    }),
  );
});

test.each(Object.keys(DATASETS))('a second way through bytes changes nothing: %s', (dataset) => {
  for (const size of [10, 500, 20_000]) {
    const once = Digest.fromBytes(digestOf(draw(dataset, size, size)).toBytes());
    const twice = Digest.fromBytes(once.toBytes());
    expect(figures(twice)).toEqual(figures(once));
    expect(twice.centroids()).toEqual(once.centroids());
  }
});

test('values are rounded by at most 0.05 %', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const digest = digestOf(values);
      const read = Digest.fromBytes(digest.toBytes()).centroids();
      digest.centroids().forEach(({ mean, n }, i) => {
        expect(read[i]!.n).toBe(n);
        expect(Math.abs(read[i]!.mean - mean)).toBeLessThanOrEqual(0.0005 * Math.abs(mean));
      });
    }),
  );
});

test.each([
  [1, 5],
  [10, 24],
  [100, 190],
  [1_000, 1_300],
  [10_000, 1_300],
])('%i samples in whole microseconds take at most %i bytes', (size, maxBytes) => {
  const values = draw('lognormal', size, 1).map((value) => Math.round(value * 1e3) / 1e3);
  expect(digestOf(values).toBytes().length).toBeLessThanOrEqual(maxBytes);
});

describe('frozen bytes', () => {
  test.each([
    ['1100', []],
    ['1103b817f403e950', [1.5, 2, 12.345]],
    ['11020102', [-0.001, 0.001]],
    ['1201fa01', [0.000125]],
  ])('%s', (hex, values) => {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(Buffer.from(Digest.ofSorted(Float64Array.from(values)).toBytes()).toString('hex')).toBe(hex);
    expect(
      Digest.fromBytes(bytes)
        .centroids()
        .map(({ mean }) => mean),
    ).toEqual(values);
  });

  test('repeats', () => {
    const digest = new Digest();
    digest.add(10, 9_980);
    digest.add(21, 20);
    expect(Buffer.from(digest.toBytes()).toString('hex')).toBe('1502a09c01f855f69b0126');
  });
});

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['another version', '2100'],
    ['an unknown unit', '1300'],
    ['an end in the middle', '110301'],
    ['bytes too many', '110000'],
    ['more clusters than bytes', '11ffffffffffff0f00'],
    ['a varint with superfluous bytes', '118000'],
    ['a varint beyond 2^53', '1101ffffffffffffffff7f'],
    ['NaN as a mean', '10017ff8000000000000'],
    ['an infinite mean', '10017ff0000000000000'],
    ['means out of order', '100240000000000000003ff0000000000000'],
    ['one sample that differs from itself', '15010201'],
    ['a summary of nothing', `1900${'0000000000000000'.repeat(3)}`],
    ['a least that is not the first', `1901${'3ff0000000000000'}${'0000000000000000'}${'3ff0000000000000'}d00f`],
    ['a sum that cannot be', `1901${'4059000000000000'}${'3ff0000000000000'.repeat(2)}d00f`],
  ])('%s', (_, hex) => {
    expect(() => Digest.fromBytes(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(SketchFormatError);
  });

  it('or read, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), expectDigestOrRefusal), {
      numRuns: 2_000 * inject('thoroughness'),
    });
  });

  it('or read, whatever happened to bytes that were right', () => {
    const sources = Object.keys(DATASETS).flatMap((dataset) =>
      [3, 40, 4_000].map((size) => digestOf(draw(dataset, size, size)).toBytes()),
    );
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...sources), damage, fc.nat(), (source, changes, cut) => {
        const bytes = source.slice(0, source.length - (cut % 4));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        expectDigestOrRefusal(bytes);
      }),
      { numRuns: 1_500 * inject('thoroughness') },
    );
  });

  it('at every truncation', () => {
    const bytes = digestOf(draw('lognormal', 3_000, 1)).toBytes();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => Digest.fromBytes(bytes.subarray(0, length))).toThrow(SketchFormatError);
    }
  });
});
