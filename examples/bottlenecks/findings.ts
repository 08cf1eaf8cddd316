/** What the analysis says of a story that was played against a collector. */

import type { Collector } from '../../scripts/demo/collector.ts';
import { connectStdio } from '../../scripts/demo/connect.ts';
import { STORIES, type StoryName } from './stories/stories.ts';

export interface Finding {
  cause: string;
  severity: string;
  confidence: number;
}

/** Asks through MCP, as a model would. */
export async function findingsOf(collector: Collector, story: StoryName): Promise<Finding[]> {
  const [command, ...args] = collector.command('stdio', '--toolset', 'analysis');
  const client = await connectStdio({ command, args, env: collector.env });
  try {
    const answer = await client.callTool({
      name: 'analyze_bottlenecks',
      arguments: { scope: 'server', mcpServer: `story-${story}`, severityThreshold: 'low' },
    });
    if (answer.isError) throw new Error(JSON.stringify(answer.content));
    return (answer.structuredContent as { bottlenecks: Finding[] }).bottlenecks;
  } finally {
    await client.close();
  }
}

/** A planted cause is to be named first; where all is well, nothing above low. */
export function isRight(story: StoryName, findings: readonly Finding[]): boolean {
  const { planted } = STORIES[story];
  if (planted === undefined) return findings.every(({ severity }) => severity === 'low');
  return findings[0]?.cause === planted;
}
