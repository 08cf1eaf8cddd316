import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VitalsError } from '../errors.ts';
import { RefusedBatch } from '../ingest/ingest.ts';
import { createSpoolCollector } from './spool.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mv-spool-'));
  mkdirSync(join(dataDir, 'spool'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** As an SDK leaves it: each body with its length in four bytes before it. */
function leave(name: string, ...bodies: string[]): void {
  const parts = bodies.flatMap((body) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return [length, Buffer.from(body)];
  });
  writeFileSync(join(dataDir, 'spool', `${name}.batches`), Buffer.concat(parts));
}

function collectorWith(receive: (text: string) => void) {
  const received: string[] = [];
  const warnings: unknown[] = [];
  const collect = createSpoolCollector({
    dataDir,
    ingest: {
      async receive(body) {
        const text = Buffer.from(body).toString();
        receive(text);
        received.push(text);
        return 'stored';
      },
    },
    logger: { warn: (fields: unknown) => void warnings.push(fields), info: () => {} },
  });
  return { collect, received, warnings };
}

const left = () => readdirSync(join(dataDir, 'spool'));

it('takes in every batch of every file and removes the files', async () => {
  leave('a-1', 'one', 'two');
  leave('b-1', 'three');
  const { collect, received } = collectorWith(() => {});
  await collect();
  expect(received.toSorted()).toEqual(['one', 'three', 'two']);
  expect(left()).toEqual([]);
});

it('passes over a batch that is refused for good', async () => {
  leave('a-1', 'bad', 'good');
  const { collect, received, warnings } = collectorWith((text) => {
    if (text === 'bad') throw new RefusedBatch('invalid', 'not a batch');
  });
  await collect();
  expect(received).toEqual(['good']);
  expect(warnings).toHaveLength(1);
  expect(left()).toEqual([]);
});

it('leaves a file where it is while the store takes nothing', async () => {
  leave('a-1', 'one');
  let full = true;
  const { collect, received } = collectorWith(() => {
    if (full) throw new VitalsError('unavailable', 'The disk is full');
  });
  await expect(collect()).rejects.toThrow('The disk is full');
  expect(left()).toEqual(['a-1.batches']);
  full = false;
  await collect();
  expect(received).toEqual(['one']);
  expect(left()).toEqual([]);
});

it('has nothing to do where there is no spool', async () => {
  rmSync(join(dataDir, 'spool'), { recursive: true });
  const { collect, received } = collectorWith(() => {});
  await collect();
  expect(received).toEqual([]);
});
