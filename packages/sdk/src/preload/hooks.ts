/** The hook where Node has `module.registerHooks` (22.15, 23.5): one for `import` and `require`, in the same thread. */
import module, { type LoadFnOutput } from 'node:module';
import { isProgram, rewrite } from './rewrite.ts';

/** The types of the oldest Node that is supported do not have it. */
interface HookableModule {
  registerHooks?(hooks: { load: SyncLoadHook }): void;
}

type SyncLoadHook = (
  url: string,
  context: unknown,
  nextLoad: (url: string, context: unknown) => LoadFnOutput,
) => LoadFnOutput;

const load: SyncLoadHook = (url, context, nextLoad) => {
  const loaded = nextLoad(url, context);
  const source = isProgram(loaded.format) ? rewrite(loaded.source) : undefined;
  return source === undefined ? loaded : { ...loaded, source };
};

/** Says whether Node has such hooks. */
export function registerHooks(): boolean {
  const { registerHooks: register } = module as HookableModule;
  register?.({ load });
  return register !== undefined;
}
