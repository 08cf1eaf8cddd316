/**
 * Ten MCP servers that are slow for one reason each, and three that are well. Which of them this is, and how it behaves in
 * detail, the arguments say:
 *
 *     npx tsx server.ts --story lock --seed 1     the server, on stdin and stdout
 *     npx tsx server.ts --check                   drives some of them and compares what the analysis finds
 *     npx tsx server.ts --check --all --seed 2    all of them
 */
import { parseArgs } from 'node:util';
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Random } from '../../scripts/demo/random.ts';
import { createAsk } from './dependency/ask.ts';
import { STORIES, type StoryName } from './stories/stories.ts';

const { values } = parseArgs({
  options: {
    story: { type: 'string', default: 'healthyFast' },
    seed: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
});

export function createServer(story: StoryName, seed: number): McpServer {
  const server = new McpServer({ name: `story-${story}`, version: '1.0.0' });
  withMonitoring(server, { resultBytes: true });
  const url = process.env.DEPENDENCY_URL ?? '';
  STORIES[story].plan(new Random(seed)).addTools(server, {
    random: new Random(seed + 1),
    askDependency: createAsk(url),
    pooledDependency: (connections) => createAsk(url, connections),
  });
  return server;
}

if (values.check) await (await import('./check.ts')).check(Number(values.seed), values.all);
else await createServer(values.story as StoryName, Number(values.seed)).connect(new StdioServerTransport());
