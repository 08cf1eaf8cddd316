/**
 * A library that measures what only it knows, next to its tools: how often its cache helps, how long its queries take,
 * how many books were lent and are out.
 *
 *     npx tsx server.ts             the server, on stdin and stdout
 *     npx tsx server.ts --check     calls its own tools and compares what a temporary collector knows
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { getMonitor, withMonitoring } from '@mcp-vitals/sdk';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

interface Book {
  title: string;
  shelf: number;
}

const text = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });

/** Stands for a database. */
async function selectBook(title: string): Promise<Book> {
  await sleep(5 + 5 * Math.random());
  return { title, shelf: title.length };
}

export function createServer(): McpServer {
  const server = withMonitoring(new McpServer({ name: 'example-library', version: '1.0.0' }));
  const monitor = getMonitor(server); // undefined when monitoring is switched off
  const cacheUse = monitor?.cache('books');
  const cache = new Map<string, Book>();
  const lent = new Set<string>();

  async function bookOf(title: string): Promise<Book> {
    const cached = cache.get(title);
    if (cached) {
      cacheUse?.hit();
      return cached;
    }
    cacheUse?.miss();
    const query = () => selectBook(title);
    const book = await (monitor ? monitor.query('select', query) : query());
    cache.set(title, book);
    return book;
  }

  server.registerTool(
    'find_book',
    { description: 'Where a book stands.', inputSchema: { title: z.string() } },
    async ({ title }) => text(await bookOf(title)),
  );
  server.registerTool(
    'lend_book',
    { description: 'Lends a book.', inputSchema: { title: z.string() } },
    async ({ title }) => {
      const book = await bookOf(title);
      lent.add(title);
      monitor?.count('books_lent');
      monitor?.gauge('books_out', lent.size);
      return text(book);
    },
  );
  return server;
}

if (process.argv.includes('--check')) await import('./check.ts');
else await createServer().connect(new StdioServerTransport());
