/** Every command of the guides, typed in the order of the page by somebody who has nothing but what the page asks for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../packages/collector/src/testing/freePort.ts';
import { describeWithPrograms } from '../../packages/collector/src/testing/monitoringPrograms.ts';
import { packPackages } from '../../scripts/packPackages.ts';
import { type GuideBlock, readGuide } from './support/guide.ts';
import { createReader } from './support/reader.ts';

const GUIDES = fileURLToPath(new URL('../../docs/guides', import.meta.url));
const FILES = readdirSync(GUIDES).filter((file) => file.endsWith('.md'));
/** Those that the pages name. */
const PORTS = [6848, 9090, 9093];

const guide = (file: string): GuideBlock[] => readGuide(readFileSync(join(GUIDES, file), 'utf8'));

test('nothing is left out but what needs a program that cannot be had here', () => {
  const reasons = FILES.flatMap((file) => guide(file).map(({ mode }) => (mode.kind === 'notRun' ? mode.reason : '')));
  expect(reasons.filter((reason) => reason !== '')).toEqual(['needs Grafana']);
});

describeWithPrograms('the guides', ['prometheus', 'promtool', 'prometheus-alertmanager'], () => {
  let packed: string;
  let tarballs: string[];
  beforeAll(() => {
    packed = mkdtempSync(join(tmpdir(), 'mcp-vitals-packed-'));
    tarballs = packPackages(packed);
  });
  afterAll(() => rmSync(packed, { recursive: true, force: true }));

  test.each(FILES)('%s', { timeout: 300_000 }, async (file) => {
    const ports = Object.fromEntries(await Promise.all(PORTS.map(async (port) => [port, await freePort()] as const)));
    const reader = createReader(tarballs, ports);
    try {
      if (file !== 'setup.md') await reader.follow(INSTALLATION);
      for (const block of guide(file)) await follow(reader, file, block);
    } finally {
      await reader.leave();
    }
  });
});

/** What the other guides take for granted. */
const INSTALLATION = guide('setup.md').find(({ text }) => text.includes('npm install --global'))!;

async function follow(reader: ReturnType<typeof createReader>, file: string, block: GuideBlock): Promise<void> {
  try {
    await reader.follow(block);
  } catch (cause) {
    throw new Error(`docs/guides/${file}:${block.line}: ${(cause as Error).message}`, { cause });
  }
}
