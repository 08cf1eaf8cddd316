import { mkdirSync, mkdtempSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { claimSpool, FileSpool, frame, spoolDirOf, unframe } from './spool.ts';
import type { ClaimedSpoolFile } from './transport.ts';

let dataDir: string;
let directory: string;
const batch = (...bytes: number[]) => ({ body: Uint8Array.from(bytes), samples: 1, dropped: {} });

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-spool-'));
  directory = join(dataDir, 'spool');
});

async function claimAll(): Promise<ClaimedSpoolFile[]> {
  const files: ClaimedSpoolFile[] = [];
  for await (const file of claimSpool(dataDir)) files.push(file);
  return files;
}

const bytesOf = (file: ClaimedSpoolFile) => file.batches.map((body) => [...body]);

describe('the spool', () => {
  it('gives back what was written, once, to one of those who ask', async () => {
    const spool = new FileSpool(directory, 'me');
    expect(spool.write([batch(1, 2), batch(3)])).toBe(true);
    expect(spool.write([batch(4)])).toBe(true);
    const claims = (await Promise.all([claimAll(), claimAll()])).flat();
    expect(claims.map(bytesOf).sort()).toEqual([[[1, 2], [3]], [[4]]]);
    for (const claim of claims) await claim.done();
    expect(readdirSync(directory)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is private to its owner', () => {
    new FileSpool(directory, 'me').write([batch(1)]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'me-1.batches')).mode & 0o777).toBe(0o600);
  });

  it('offers a released file again, but not to the same round', async () => {
    new FileSpool(directory, 'me').write([batch(1)]);
    let rounds = 0;
    for await (const file of claimSpool(dataDir)) {
      rounds += 1;
      file.release();
    }
    expect(rounds).toBe(1);
    expect((await claimAll()).map(bytesOf)).toEqual([[[1]]]);
  });

  it('frees a claim whose claimer died', async () => {
    new FileSpool(directory, 'me').write([batch(1)]);
    const [file] = await claimAll();
    expect(await claimAll()).toEqual([]);
    const [name] = readdirSync(directory);
    renameSync(join(directory, name!), join(directory, `me-1.${Date.now() - 11 * 60_000}.claimed`));
    expect((await claimAll()).map(bytesOf)).toEqual([[[1]]]);
    await file!.done();
  });

  it('throws away what is too old or damaged, and leaves alone what is not its own', async () => {
    mkdirSync(directory, { recursive: true });
    new FileSpool(directory, 'old').write([batch(1)]);
    const weekAgo = new Date(Date.now() - 7 * 24 * 3_600_000);
    utimesSync(join(directory, 'old-1.batches'), weekAgo, weekAgo);
    writeFileSync(join(directory, 'damaged-1.batches'), 'x');
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    expect(await claimAll()).toEqual([]);
    expect(readdirSync(directory)).toEqual(['notes.txt']);
  });

  it('refuses beyond its size, and where it cannot write', () => {
    const spool = new FileSpool(directory, 'me');
    const large = { body: new Uint8Array(20 * 1_048_576), samples: 1, dropped: {} };
    expect([spool.write([large]), spool.write([large])]).toEqual([true, false]);
    writeFileSync(join(dataDir, 'file'), '');
    expect(new FileSpool(join(dataDir, 'file'), 'me').write([batch(1)])).toBe(false);
  });

  it('is apart for a collector on another machine', () => {
    expect(spoolDirOf(dataDir, { origin: 'http://127.0.0.1:6848' })).toBe(directory);
    expect(spoolDirOf(dataDir, { origin: 'http://localhost', socketPath: '/x' })).toBe(directory);
    expect(spoolDirOf(dataDir, { origin: 'https://team.example' })).toMatch(/spool.[0-9a-f]{16}$/);
  });
});

it('frames any batches, and leaves out a torn end', () => {
  const body = fc.uint8Array({ minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 10 }), fc.nat(), (bodies, cut) => {
      const content = Buffer.from(frame(bodies));
      expect(unframe(content).map((b) => [...b])).toEqual(bodies.map((b) => [...b]));
      const torn = unframe(content.subarray(0, cut % content.length)).map((b) => [...b]);
      expect(torn).toEqual(bodies.slice(0, torn.length).map((b) => [...b]));
      expect(torn.length).toBeLessThan(bodies.length);
    }),
  );
});
