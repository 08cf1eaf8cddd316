/** A server of `examples/bottlenecks/` whose author permits what `CONTROLS` says: `storyServer.ts STORY SEED`. */
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { STORIES, type StoryName } from '../../examples/bottlenecks/stories/stories.ts';
import { addTool } from '../../examples/bottlenecks/stories/story.ts';
import { Random } from '../../scripts/demo/random.ts';

const [story, seed] = process.argv.slice(2) as [StoryName, string];
const server = new McpServer({ name: 'story', version: '1.0.0' });
withMonitoring(server, { controls: JSON.parse(process.env.CONTROLS!) });
const noDependency = () => Promise.reject(new Error('This story has a dependency'));
STORIES[story].plan(new Random(Number(seed))).addTools(server, {
  random: new Random(Number(seed) + 1),
  askDependency: noDependency,
  pooledDependency: () => noDependency,
});
// Draws nothing: two servers of one seed stay alike, however often each is called before a measurement.
addTool(server, 'probe', () => 'well');
await server.connect(new StdioServerTransport());
