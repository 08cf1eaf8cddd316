/** Where to look next: what can be tried by hand, in commands that can be copied. */
import type { Collector } from './collector.ts';
import type { Screen } from './screen.ts';

export function nextSteps(collector: Collector, { keep }: { keep: boolean }, paint: Screen['paint']): string[] {
  const running = keep
    ? [`   The collector answers MCP at ${collector.url}/mcp; its data is in ${collector.dataDir}`]
    : ['   npm start -- --keep          leaves the collector and the servers running'];
  return [
    paint('bold', ' Where to look next'),
    ...running,
    '   Your own server              npm install @mcp-vitals/sdk, then one line:',
    paint('cyan', '                                withMonitoring(server);'),
    '   Your MCP client              add the collector to its configuration:',
    paint(
      'cyan',
      '                                "mcp-vitals": { "command": "npx", "args": ["-y", "@mcp-vitals/collector", "stdio"] }',
    ),
    '   README.md, docs/architecture.md, docs/tools.md',
  ];
}
