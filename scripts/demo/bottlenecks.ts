/** What makes the servers slow, as `mcp-vitals bottlenecks` finds it in the calls of the run. */
import { runCommand } from './collector.ts';

export interface BottleneckAnswer {
  mcpServer: string;
  tools: string[];
  severity: string;
  title: string;
  /** 0 to 1. */
  confidence: number;
  shareOfTimePercent: number | null;
}

/** Worst first. @throws Error when the collector does not answer */
export async function findBottlenecks(dataDir: string): Promise<BottleneckAnswer[]> {
  const answer = JSON.parse(await runCommand(dataDir, 'bottlenecks', '--json')) as { bottlenecks: BottleneckAnswer[] };
  return answer.bottlenecks;
}
