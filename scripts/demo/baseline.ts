/**
 * An hour of made-up history for the two example servers, as the JSONL tree that `mcp-vitals import` reads. A detector
 * compares with the past; a demo that has just begun has none. It ends ten minutes before the demo, so that nothing of it
 * mixes with what the demo measures (thresholds look back five minutes), and it says nothing of the third-party servers.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Random } from './random.ts';

const SEED = 7;
const MINUTES = 60;
const CALLS_PER_MINUTE = 20;
const GAP_MINUTES = 10;
const MINUTE_MS = 60_000;

/** What each tool takes on a quiet day, in milliseconds, and how often it fails. */
const QUIET = [
  { server: 'example-shop', tool: 'search_products', lowMs: 9, highMs: 18, failing: 0 },
  { server: 'example-shop', tool: 'get_product', lowMs: 3, highMs: 7, failing: 0 },
  { server: 'example-shop', tool: 'quote_shipping', lowMs: 550, highMs: 1060, failing: 0 },
  { server: 'example-shop', tool: 'reserve_stock', lowMs: 16, highMs: 32, failing: 0.08 },
  { server: 'example-weather', tool: 'current_weather', lowMs: 5, highMs: 9, failing: 0 },
  { server: 'example-weather', tool: 'forecast', lowMs: 24, highMs: 75, failing: 0 },
] as const;

/** Writes the tree into `directory`. */
export function writeBaseline(directory: string, nowMs: number): void {
  const random = new Random(SEED);
  const endMs = (Math.floor(nowMs / MINUTE_MS) - GAP_MINUTES) * MINUTE_MS;
  const files = new Map<string, string[]>();
  for (let minute = 0; minute < MINUTES; minute++) {
    const startMs = endMs - (MINUTES - minute) * MINUTE_MS;
    // Some minutes are busier than others, for the whole machine.
    const load = 0.7 + 0.8 * random.next();
    for (const { server, tool, lowMs, highMs, failing } of QUIET) {
      const day = new Date(startMs).toISOString().slice(0, 10);
      const file = join('metrics', day, server, `${tool}.jsonl`);
      const lines = files.get(file) ?? [];
      files.set(file, lines);
      for (let call = 0; call < CALLS_PER_MINUTE; call++) {
        const timestamp = new Date(startMs + (call * MINUTE_MS) / CALLS_PER_MINUTE).toISOString();
        const duration = load * (lowMs + (highMs - lowMs) * random.next());
        const success = !random.chance(failing);
        const error = success ? null : 'tool_error';
        lines.push(
          JSON.stringify({ timestamp, mcpServer: server, toolName: tool, duration, success, error, resource: null }),
        );
      }
    }
  }
  for (const [file, lines] of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), `${lines.join('\n')}\n`);
  }
}
