/**
 * A dictionary that Prometheus scrapes, with no collector anywhere: http://127.0.0.1:9464/metrics has its tools, its cache, its
 * queries and its connections.
 *
 *     npx tsx server.ts             the server, on stdin and stdout
 *     npx tsx server.ts --check     calls its own tools and compares what a scrape shows
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const WORDS: Readonly<Record<string, string>> = {
  gauge: 'a value that goes up and down',
  counter: 'one that only grows',
};

/** Stands for a database. */
async function selectMeaning(word: string): Promise<string> {
  await sleep(2);
  const meaning = WORDS[word];
  if (meaning === undefined) throw new RangeError(`no such word: ${word}`);
  return meaning;
}

export function createServer(): McpServer {
  const port = Number(process.env.METRICS_PORT ?? 9464);
  const server = withMonitoring(new McpServer({ name: 'example-dictionary', version: '1.0.0' }), {
    prometheus: { port },
  });
  const monitor = getMonitor(server); // undefined when monitoring is switched off
  const cacheUse = monitor?.cache('meanings');
  const cache = new Map<string, string>();
  monitor?.connections('stdio').open();

  async function meaningOf(word: string): Promise<string> {
    const cached = cache.get(word);
    if (cached !== undefined) {
      cacheUse?.hit();
      return cached;
    }
    cacheUse?.miss();
    const query = () => selectMeaning(word);
    const meaning = await (monitor ? monitor.query('select', query) : query());
    cache.set(word, meaning);
    return meaning;
  }

  server.registerTool(
    'look_up',
    { description: 'What a word means.', inputSchema: { word: z.string() } },
    async ({ word }) => ({ content: [{ type: 'text', text: await meaningOf(word) }] }),
  );
  return server;
}

if (process.argv.includes('--check')) await import('./check.ts');
else await createServer().connect(new StdioServerTransport());
