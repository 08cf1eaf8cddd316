/**
 * `node --import @mcp-vitals/sdk/register server.js`: monitors the MCP servers of a program without a change to it. All
 * that happens here is that module hooks are installed; the SDK is loaded when there is a server. A program without
 * one pays for the hooks and nothing else. See docs/preload.md and docs/decisions/0010-preload.md.
 */
import { createRequire } from 'node:module';
import { createAdopt } from './preload/adopt.ts';
import { registerHooks } from './preload/hooks.ts';
import { ADOPT_NAME } from './preload/rewrite.ts';

const OFF = /^\s*(off|false|0|no)\s*$/i;

/** CommonJS, because a server that has to answer cannot wait for an ES module to be loaded. */
const SDK = './preloaded.cjs';

function monitor(server: object): void {
  try {
    const { withMonitoring } = createRequire(import.meta.url)(SDK) as typeof import('./preload/preloaded.ts');
    withMonitoring(server);
  } catch (error) {
    process.stderr.write(`mcp-vitals: monitoring could not be loaded: ${String(error)}\n`);
  }
}

async function install(): Promise<void> {
  // Another copy of this package may have been preloaded as well.
  if (OFF.test(process.env.MCP_VITALS ?? '') || ADOPT_NAME in globalThis) return;
  Object.defineProperty(globalThis, ADOPT_NAME, { value: createAdopt(monitor) });
  if (registerHooks()) return;
  const { registerOlderHooks } = await import('./preload/olderHooks.ts');
  await registerOlderHooks(import.meta.url);
}

try {
  await install();
} catch (error) {
  process.stderr.write(`mcp-vitals: this program is not monitored: ${String(error)}\n`);
}
