/**
 * Plays stories against a collector with an empty data directory, and expects the analysis to name what was planted. Those
 * that only wait are played side by side; what wants the processor is played alone, because it would be a neighbour to others.
 */
import { ok } from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Collector, startCollector } from '../../scripts/demo/collector.ts';
import { findingsOf, isRight } from './findings.ts';
import { runStory } from './runStory.ts';
import { STORY_NAMES, type StoryName } from './stories/stories.ts';

const ONLY_WAIT: readonly StoryName[] = ['lock', 'slowDependency', 'nPlusOne', 'healthySlow'];

/** @param all not only those that can be played side by side */
export async function check(seed: number, all: boolean): Promise<void> {
  const alone = all ? STORY_NAMES.filter((name) => !ONLY_WAIT.includes(name)) : [];
  const played = [...ONLY_WAIT, ...alone];
  const dataDir = await mkdtemp(join(tmpdir(), 'mcp-vitals-example-'));
  const collector = await startCollector({ dataDir, port: 0 });
  try {
    await Promise.all(ONLY_WAIT.map((name) => runStory(name, seed, collector.env)));
    for (const name of alone) await runStory(name, seed, collector.env);
    for (const name of played) await expectFound(collector, name);
    console.log(`example-bottlenecks: all ${played.length} are told as they are`);
  } finally {
    await collector.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function expectFound(collector: Collector, story: StoryName): Promise<void> {
  const findings = await findingsOf(collector, story);
  const told = findings.map(({ cause, severity, confidence }) => `${severity} ${cause} (${confidence})`).join(', ');
  console.log(`${story}: ${told || 'nothing found'}`);
  ok(isRight(story, findings), `${story} was told as: ${told || 'nothing found'}`);
}
