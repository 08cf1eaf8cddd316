/**
 * A weather service, as an `McpServer` of `@modelcontextprotocol/server`, whose factory builds a server per connection: the
 * one line goes into the factory. A forecast takes longer the more days it covers.
 *
 *     npx tsx server.ts             the server, on stdin and stdout
 *     npx tsx server.ts --check     calls its own tools and compares what a temporary collector counted
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const CITIES = new Map([
  ['Lisbon', 19],
  ['Oslo', 4],
  ['Nairobi', 24],
  ['Quito', 15],
]);

const text = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });

function temperatureOf(city: string): number {
  const celsius = CITIES.get(city);
  if (celsius === undefined) throw new RangeError(`no station in ${city}`);
  return celsius;
}

export function createServer(): McpServer {
  const server = new McpServer({ name: 'example-weather', version: '1.0.0' });
  withMonitoring(server); // the one line

  server.registerTool(
    'current_weather',
    { description: 'The temperature now.', inputSchema: z.object({ city: z.string() }) },
    async ({ city }) => {
      await sleep(4 + 4 * Math.random());
      return text({ city, celsius: temperatureOf(city) });
    },
  );
  server.registerTool(
    'forecast',
    {
      description: 'The temperatures of the days to come.',
      inputSchema: z.object({ city: z.string(), days: z.number().int().min(1).max(14) }),
    },
    async ({ city, days }) => {
      await sleep(days * (20 + 8 * Math.random()));
      return text(Array.from({ length: days }, (_, day) => temperatureOf(city) + (day % 3)));
    },
  );
  return server;
}

if (process.argv.includes('--check')) await import('./check.ts');
else serveStdio(createServer);
