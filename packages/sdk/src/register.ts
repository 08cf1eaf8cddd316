/**
 * `node --import @mcp-vitals/sdk/register server.js`: monitors the MCP servers of a program without a change to it. All
 * that happens here is that module hooks are installed; the SDK is loaded when there is a server. A program without
 * one pays for the hooks and nothing else. See docs/preload.md and docs/decisions/0010-preload.md.
 */
import module, { createRequire, type LoadFnOutput } from 'node:module';
import { createAdopt } from './preload/adopt.ts';
import { ADOPT_KEY, rewrite } from './preload/rewrite.ts';

const OFF = /^\s*(off|false|0|no)\s*$/i;

/** CommonJS, because a constructor cannot wait for an ES module to be loaded. */
const SDK = './preloaded.cjs';

/** What Node has from 22.15 on; the types are those of the oldest Node that is supported. */
interface HookableModule {
  registerHooks?(hooks: { load: SyncLoadHook }): void;
}

type SyncLoadHook = (
  url: string,
  context: unknown,
  nextLoad: (url: string, context: unknown) => LoadFnOutput,
) => LoadFnOutput;

interface CompilingModule {
  _compile(this: unknown, source: string, ...rest: unknown[]): unknown;
}

function monitor(server: object): void {
  try {
    const { withMonitoring } = createRequire(import.meta.url)(SDK) as typeof import('./preload/preloaded.ts');
    withMonitoring(server);
  } catch (error) {
    process.stderr.write(`mcp-vitals: monitoring could not be loaded: ${String(error)}\n`);
  }
}

/** One hook for `import` and `require`; what is required comes without a format. */
const load: SyncLoadHook = (url, context, nextLoad) => {
  const loaded = nextLoad(url, context);
  const source = loaded.format === 'json' ? undefined : rewrite(loaded.source);
  return source === undefined ? loaded : { ...loaded, source };
};

/** Node 20: ES modules through a thread of hooks, CommonJS where it is compiled. */
function registerSeparately(): void {
  module.register('./preload/loader.mjs', import.meta.url);
  const { prototype } = module as unknown as { prototype: CompilingModule };
  const compile = prototype._compile;
  prototype._compile = function _compile(source, ...rest) {
    return compile.call(this, rewrite(source) ?? source, ...rest);
  };
}

if (!OFF.test(process.env.MCP_VITALS ?? '')) {
  (globalThis as Record<symbol, unknown>)[Symbol.for(ADOPT_KEY)] = createAdopt(monitor);
  const { registerHooks } = module as HookableModule;
  if (registerHooks !== undefined) registerHooks({ load });
  else registerSeparately();
}
