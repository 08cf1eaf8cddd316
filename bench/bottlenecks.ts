/**
 * Does the first finding name what makes a server slow? Plays the stories of `examples/bottlenecks/`, one after the other, each
 * against a collector of its own: ten planted causes and three healthy servers, under three seeds. The machine must be quiet,
 * or the finding is, rightly, that it is not.
 *
 *     npm run bench -- bottlenecks
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, findingsOf, isRight } from '../examples/bottlenecks/findings.ts';
import { runStory } from '../examples/bottlenecks/runStory.ts';
import { STORIES, STORY_NAMES, type StoryName } from '../examples/bottlenecks/stories/stories.ts';
import { startCollector } from '../scripts/demo/collector.ts';
import type { BenchResult } from './result.ts';
import { runWhenMain } from './result.ts';

const SEEDS = [21, 22, 23];
const NEEDED_SHARE = 0.9;

async function play(story: StoryName, seed: number): Promise<Finding[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mvb-'));
  const collector = await startCollector({ dataDir, port: 0 });
  try {
    await runStory(story, seed, collector.env);
    return await findingsOf(collector, story);
  } finally {
    await collector.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function row(story: StoryName, seed: number, findings: readonly Finding[]): BenchResult['rows'][number] {
  const [first] = findings;
  return {
    story,
    seed,
    planted: STORIES[story].planted ?? 'nothing',
    'first finding': first?.cause ?? 'nothing',
    severity: first?.severity ?? '',
    confidence: first?.confidence ?? '',
    right: isRight(story, findings) ? 'yes' : 'NO',
  };
}

export async function run(): Promise<BenchResult> {
  const rows: BenchResult['rows'] = [];
  const counted = { planted: { right: 0, of: 0 }, healthy: { right: 0, of: 0 } };
  for (const seed of SEEDS) {
    for (const story of STORY_NAMES) {
      const findings = await play(story, seed);
      const count = counted[STORIES[story].planted === undefined ? 'healthy' : 'planted'];
      count.of += 1;
      if (isRight(story, findings)) count.right += 1;
      rows.push(row(story, seed, findings));
      console.error(JSON.stringify(rows.at(-1)));
    }
  }
  const { planted, healthy } = counted;
  return {
    name: 'bottlenecks',
    question:
      'Does the first finding of analyze_bottlenecks name the cause that was planted, and is nothing found where all is well?',
    rows,
    targets: [
      {
        target: `the first finding names the cause in at least ${NEEDED_SHARE * planted.of} of ${planted.of} runs`,
        value: `${planted.right} of ${planted.of}`,
        met: planted.right >= NEEDED_SHARE * planted.of,
      },
      {
        target: 'nothing above low in the healthy servers',
        value: `${healthy.right} of ${healthy.of}`,
        met: healthy.right === healthy.of,
      },
    ],
  };
}

await runWhenMain(import.meta.url, run);
