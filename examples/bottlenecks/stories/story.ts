/**
 * A story is a server with one thing wrong, or nothing, and the load under which it shows. Everything about it follows from
 * the seed, so that the process with the server and the one with the load come to the same plan.
 */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Random } from '../../../scripts/demo/random.ts';
import type { DependencyBehaviour } from '../dependency/behaviour.ts';

/** Tools that one caller calls one after the other; a single call is a script of one. */
export interface Script {
  tools: readonly string[];
  /** Arrivals of such callers, at random times, whether or not the ones before were answered. */
  perSecond: number;
}

export interface Phase {
  seconds: number;
  scripts: readonly Script[];
}

/** What tools of a story are made with. */
export interface Workbench {
  /** For what differs from call to call. */
  random: Random;
  /** Asks the story's dependency, over as many connections as it likes. */
  askDependency(): Promise<void>;
  /** The same with at most so many connections. */
  pooledDependency(connections: number): () => Promise<void>;
}

export interface Plan {
  addTools(server: McpServer, workbench: Workbench): void;
  phases: readonly Phase[];
  dependency?: DependencyBehaviour;
  /** Another process that uses all cores, from one second of the load to another. */
  neighbour?: { fromSecond: number; toSecond: number };
}

export interface Story {
  /** The cause that the analysis is to name first; undefined where it is to find nothing above low. */
  planted: string | undefined;
  /** @param random seeded; what is drawn from it is the same in both processes */
  plan(random: Random): Plan;
}

/** Adds a tool without arguments that does `work` and answers with its text. */
export function addTool(server: McpServer, name: string, work: () => Promise<string> | string): void {
  server.registerTool(name, { description: `The tool ${name} of the story.` }, async () => ({
    content: [{ type: 'text', text: await work() }],
  }));
}

/** A quarter of the time at the first rate, half at the second, a quarter at the first again. */
export function rush(seconds: number, quiet: readonly Script[], busy: readonly Script[]): Phase[] {
  return [
    { seconds: seconds / 4, scripts: quiet },
    { seconds: seconds / 2, scripts: busy },
    { seconds: seconds / 4, scripts: quiet },
  ];
}

export const call = (tool: string, perSecond: number): Script => ({ tools: [tool], perSecond });
