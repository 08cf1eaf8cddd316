import { Digest } from '@mcp-vitals/sketch';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPostgres, newSchema } from '../../testing/describeWithPostgres.ts';
import { CopyWriter, storableText } from './copyWriter.ts';
import { Database } from './database.ts';
import { BYTEA_COLUMN, type DigestColumn, TDIGEST_COLUMN } from './digestColumn.ts';
import { migrate } from './schema.ts';

describeWithPostgres('what is copied in', (server) => {
  let database: Database;
  beforeAll(async () => {
    database = new Database(server().url, newSchema());
    await migrate(database, TDIGEST_COLUMN);
  });
  afterAll(() => database.close());

  const row = fc.record({
    small: fc.integer({ min: -32_768, max: 32_767 }),
    whole: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    big: fc.maxSafeInteger(),
    real: fc.double({ noNaN: true, noDefaultInfinity: true }),
    text: fc.string({ unit: 'binary', maxLength: 40 }),
    bytes: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: null }),
  });

  it('comes out as it went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 50 }), async (rows) => {
        const writer = new CopyWriter(7);
        for (const [i, { small, whole, big, real, text, bytes }] of rows.entries()) {
          writer.row().integer(i).smallint(small).integer(whole).bigint(big).double(real);
          writer.text(storableText(text)).bytes(bytes);
        }
        const found = await database.transaction('work', async (session) => {
          await session.script(
            'CREATE TEMP TABLE t (i int, small smallint, whole int, big bigint, real float8, text text, bytes bytea) ON COMMIT DROP',
          );
          await writer.copyTo(session, 't');
          return session.query('SELECT * FROM t ORDER BY i');
        });
        expect(found).toHaveLength(rows.length);
        for (const [i, { small, whole, big, real, text, bytes }] of rows.entries()) {
          expect(found[i]).toMatchObject({ small, whole, big: String(big) });
          expect(Object.is(found[i]!.real, real) || found[i]!.real === real).toBe(true);
          expect(found[i]!.text).toBe(Buffer.from(storableText(text)).toString());
          expect(found[i]!.bytes === null ? null : [...(found[i]!.bytes as Buffer)]).toEqual(bytes && [...bytes]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('writes NaN as NULL, and no rows as nothing', async () => {
    await database.transaction('work', async (session) => {
      await session.script('CREATE TEMP TABLE t (real float8) ON COMMIT DROP');
      await new CopyWriter(1).copyTo(session, 't');
      await new CopyWriter(1).row().double(Number.NaN).copyTo(session, 't');
      expect(await session.query('SELECT * FROM t')).toEqual([{ real: null }]);
    });
  });

  describe.each([
    ['tdigest', TDIGEST_COLUMN],
    ['bytea', BYTEA_COLUMN],
  ] as const)('digests as %s', (type, column) => {
    const samples = fc.array(fc.integer({ min: -500, max: 3_000 }), { minLength: 1, maxLength: 1_500 });

    /** Each digest a row; what the database hands out of all of them. */
    async function merged(digests: readonly Digest[], by: DigestColumn): Promise<Digest> {
      const min = Math.min(...digests.map((digest) => digest.min));
      const max = Math.max(...digests.map((digest) => digest.max));
      return database.transaction('work', async (session) => {
        await session.script(`CREATE TEMP TABLE d (digest ${type}) ON COMMIT DROP`);
        const writer = new CopyWriter(1);
        for (const digest of digests) by.write(writer.row(), digest);
        by.write(writer.row(), undefined);
        await writer.copyTo(session, 'd');
        const [found] = await session.query(`SELECT ${by.aggregate('digest')} digests FROM d`);
        return Digest.merge(by.decode(found!.digests as Buffer, min, max));
      });
    }

    it('keep count, extremes and ranks when they are merged', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(samples, { minLength: 1, maxLength: 6 }), async (lists) => {
          const digests = lists.map((list) => Digest.ofSorted(Float64Array.from(list).sort()));
          const all = lists.flat().sort((a, b) => a - b);
          const found = await merged(digests, column);
          expect(found.count).toBe(all.length);
          expect(found.min).toBe(all[0]);
          expect(found.max).toBe(all.at(-1));
          for (const q of [0.01, 0.5, 0.9, 0.99]) {
            const tolerance = Math.max(0.01, 1 / all.length);
            const at = (rank: number) => all[Math.min(all.length - 1, Math.max(0, Math.ceil(rank * all.length) - 1))]!;
            const value = found.quantile(q);
            expect(value).toBeGreaterThanOrEqual(at(q - tolerance));
            expect(value).toBeLessThanOrEqual(at(q + tolerance));
          }
        }),
        { numRuns: 30 },
      );
    });
  });
});
