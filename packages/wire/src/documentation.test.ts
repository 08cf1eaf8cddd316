import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { crowdedBatch, tracedBatch } from './fixtures/batches.ts';
import { EXAMPLE_HEX } from './fixtures/bytes.ts';
import { OUTCOMES, WIRE_LIMITS } from './types.ts';

const page = readFileSync(new URL('../../../docs/wire-format.md', import.meta.url), 'utf8');

test('the worked example is the frozen batch', () => {
  const example = /## A worked example[\s\S]*?```\n([\s\S]*?)```/.exec(page)![1]!;
  const bytes = example
    .match(/^(?:[0-9a-f]{2} )+/gm)!
    .join('')
    .replaceAll(' ', '');
  expect(bytes).toBe(EXAMPLE_HEX);
  expect(page).toContain(`${bytes.length / 2} bytes.`);
});

test('outcomes and limits are those of the code', () => {
  expect(page).toContain(OUTCOMES.join(', '));
  for (const limit of [WIRE_LIMITS.maxWindows, WIRE_LIMITS.maxServers, WIRE_LIMITS.maxNameLength]) {
    expect(page).toContain(limit.toLocaleString('en'));
  }
  expect(WIRE_LIMITS.maxBatchBytes).toBe(4 * 2 ** 20);
});

test('what was added is described in the order of its rows', () => {
  const [sample] = crowdedBatch.resources;
  const { exemplar } = tracedBatch.windows[0]!;
  expect(page.replaceAll('?', '')).toContain(`rows \`[${Object.keys(sample!).join(', ')}]\``);
  expect(page).toContain(`\`[${Object.keys(exemplar!).join(', ')}]\``);
});
