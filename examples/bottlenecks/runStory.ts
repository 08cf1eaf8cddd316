/** Plays a story: its dependency, its server and its neighbour are started, the load is driven, and all ends again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectStdio } from '../../scripts/demo/connect.ts';
import { Random } from '../../scripts/demo/random.ts';
import type { DependencyBehaviour } from './dependency/behaviour.ts';
import { type Driven, drive } from './load/drive.ts';
import { disturb } from './load/neighbour.ts';
import { STORIES, type StoryName } from './stories/stories.ts';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** @param env in which the SDK finds the collector */
export async function runStory(name: StoryName, seed: number, env: Record<string, string>): Promise<Driven> {
  const plan = STORIES[name].plan(new Random(seed));
  const dependency = plan.dependency && (await startDependency(plan.dependency, seed));
  const client = await connectStdio({
    command: process.execPath,
    args: ['--import', 'tsx', pathOf('server.ts'), '--story', name, '--seed', String(seed)],
    env: { ...env, ...(dependency && { DEPENDENCY_URL: dependency.url }) },
    cwd: pathOf('.'),
  });
  try {
    const [driven] = await Promise.all([
      drive(client, plan.phases, seed + 2),
      plan.neighbour && disturb(plan.neighbour),
    ]);
    return driven;
  } finally {
    await client.close();
    dependency?.end();
  }
}

async function startDependency(behaviour: DependencyBehaviour, seed: number): Promise<{ url: string; end(): void }> {
  const args = ['--import', 'tsx', pathOf('dependency/dependency.ts'), JSON.stringify(behaviour), String(seed)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { url, end: () => void child.stdin.end() };
}
