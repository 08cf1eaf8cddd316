/** What a collector asks of a tool, cut to what the server's author permits. */
import { CONTROLS, type Control, type ToolPolicy } from '@mcp-vitals/wire/encode';
import type { Permissions } from '../controlOptions.ts';

type Cut<C extends Control> = (
  asked: NonNullable<ToolPolicy[C]>,
  permitted: NonNullable<Permissions[C]>,
) => NonNullable<ToolPolicy[C]>;

const CUTS: { readonly [C in Control]: Cut<C> } = {
  concurrency(asked, { min, max, maxWaitMs }) {
    const within = (limit: number) => Math.min(Math.max(limit, min), max);
    const { adaptive } = asked;
    const cut = { ...asked, limit: within(asked.limit), maxWaitMs: Math.min(asked.maxWaitMs, maxWaitMs) };
    return adaptive === undefined
      ? cut
      : { ...cut, adaptive: { min: within(adaptive.min), max: within(adaptive.max) } };
  },
  timeout: ({ afterMs }, { minMs }) => ({ afterMs: Math.max(afterMs, minMs) }),
  cache: (asked, { maxTtlMs, maxBytes }) => ({
    ...asked,
    ttlMs: Math.min(asked.ttlMs, maxTtlMs),
    maxBytes: Math.min(asked.maxBytes, maxBytes),
  }),
  coalesce: (asked) => asked,
  rate: (asked, { minPerSecond }) => ({ ...asked, perSecond: Math.max(asked.perSecond, minPerSecond) }),
  shed: (asked) => asked,
};

/** @param asked for this tool; what is not permitted is left out */
export function withinPermissions(asked: ToolPolicy, tool: string, permissions: Permissions): ToolPolicy {
  const policy: ToolPolicy = {};
  for (const control of CONTROLS) permit(control, asked, tool, permissions, policy);
  return policy;
}

function permit<C extends Control>(
  control: C,
  asked: ToolPolicy,
  tool: string,
  permissions: Permissions,
  policy: ToolPolicy,
): void {
  const wanted: ToolPolicy[C] = asked[control];
  const permitted: Permissions[C] = permissions[control];
  if (wanted === undefined || permitted === undefined) return;
  if (permitted.tools !== undefined && !permitted.tools.has(tool)) return;
  policy[control] = CUTS[control](wanted, permitted);
}
