/**
 * Makes the calls of a plan. The load is open: callers come at their times, whether or not those before were answered, as
 * they do in earnest, so that a slow server is not spared.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@modelcontextprotocol/client';
import { Random } from '../../../scripts/demo/random.ts';
import type { Phase, Script } from '../stories/story.ts';

/** Callers who find so many waiting go away again: a client has limits too. */
const MAX_UNDER_WAY = 300;

/** What is still under way at the end is waited for, and no longer. */
const SETTLE_MS = 6_000;

export interface Driven {
  calls: number;
  failures: number;
  /** Callers who went away at once. */
  turnedAway: number;
}

export interface Arrival {
  atMs: number;
  script: Script;
}

export async function drive(client: Client, phases: readonly Phase[], seed: number): Promise<Driven> {
  const driven: Driven = { calls: 0, failures: 0, turnedAway: 0 };
  const underWay = new Set<Promise<void>>();
  const startMs = performance.now();
  for (const { atMs, script } of arrivalsOf(phases, new Random(seed))) {
    const early = atMs - (performance.now() - startMs);
    if (early > 0.5) await sleep(early);
    if (underWay.size >= MAX_UNDER_WAY) {
      driven.turnedAway += 1;
      continue;
    }
    const running = runScript(client, script, driven).finally(() => underWay.delete(running));
    underWay.add(running);
  }
  await Promise.race([Promise.all(underWay), sleep(SETTLE_MS, undefined, { ref: false })]);
  return driven;
}

/** Exponential times between arrivals of each script, as of callers who know nothing of each other. */
export function arrivalsOf(phases: readonly Phase[], random: Random): Arrival[] {
  const arrivals: Arrival[] = [];
  let fromMs = 0;
  for (const { seconds, scripts } of phases) {
    const toMs = fromMs + 1_000 * seconds;
    for (const script of scripts) {
      const pauseMs = () => (-1_000 * Math.log(1 - random.next())) / script.perSecond;
      for (let atMs = fromMs + pauseMs(); atMs < toMs; atMs += pauseMs()) arrivals.push({ atMs, script });
    }
    fromMs = toMs;
  }
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}

async function runScript(client: Client, { tools }: Script, driven: Driven): Promise<void> {
  for (const name of tools) {
    driven.calls += 1;
    try {
      const { isError } = await client.callTool({ name, arguments: {} });
      if (isError) driven.failures += 1;
    } catch {
      driven.failures += 1;
      return;
    }
  }
}
