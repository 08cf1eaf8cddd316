/** Where to look next: what can be tried by hand, in commands that can be copied. */
import { join, relative } from 'node:path';
import type { Collector } from './collector.ts';
import type { Screen } from './screen.ts';

export async function nextSteps(
  collector: Collector,
  { keep }: { keep: boolean },
  paint: Screen['paint'],
): Promise<string[]> {
  const look = keep
    ? [
        `   ${paint('cyan', await collector.pageLink())} is the page,`,
        `   ${collector.url}/mcp answers MCP clients that send the token in`,
        `   ${join(relative(process.cwd(), collector.dataDir), 'tokens', 'read')}`,
      ]
    : ['   npm start -- --keep leaves the collector, its page and the servers running.'];
  return [
    paint('bold', ' Where to look next'),
    ...look,
    '   In your own server, after npm install @mcp-vitals/sdk:',
    paint('cyan', '      withMonitoring(server);'),
    '   In the configuration of your MCP client:',
    paint('cyan', '      "mcp-vitals": { "command": "npx", "args": ["-y", "@mcp-vitals/collector", "stdio"] }'),
    '   README.md, docs/tools.md, docs/architecture.md',
  ];
}
