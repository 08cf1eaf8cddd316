/**
 * The setting `controls`: what the author of a server permits the collector to do, control by control, and within which
 * bounds. It is read from code alone. A setting that is not understood in full permits nothing: who writes `max: '64'` does
 * not mean "without a bound".
 */
import { CONTROLS, type Control, POLICY_LIMITS } from '@mcp-vitals/wire/encode';

interface ForTools {
  /** Only these tools. Default: all. */
  tools?: readonly string[] | undefined;
}

/** What the collector may do. A control that is not named here is not permitted; times are in milliseconds. */
export interface ControlOptions {
  /** Limit the calls of a tool at a time, and let others wait. */
  concurrency?:
    | boolean
    | (ForTools & {
        /** A limit is never below this. Default: 1. */
        min?: number | undefined;
        /** A limit is never above this. Default: 1,000. */
        max?: number | undefined;
        /** A call never waits longer. Default: 30,000. */
        maxWaitMs?: number | undefined;
      });
  /** Answer in place of a tool that takes too long, and abort its signal. */
  timeout?:
    | boolean
    | (ForTools & {
        /** A tool always has so much time. Default: 1,000. */
        minMs?: number | undefined;
      });
  /**
   * Give answers again, of tools whose annotations say `readOnlyHint`, and `idempotentHint` unless the tool is named here;
   * never of one that says `destructiveHint`.
   */
  cache?:
    | boolean
    | (ForTools & {
        /** An answer is never given again after this. Default: 300,000. */
        maxTtlMs?: number | undefined;
        /** Of all answers of the server that are kept. Default: 67,108,864. */
        maxBytes?: number | undefined;
        /** Answers depend on arguments alone, never on who asks: one client may get what another one asked for. */
        shared?: boolean | undefined;
      });
  /** Make calls that are the same and under way together one. Of the same tools as `cache`. */
  coalesce?: boolean | (ForTools & { shared?: boolean | undefined });
  /** Refuse calls that come too fast. */
  rate?:
    | boolean
    | (ForTools & {
        /** So many are always let through. Default: 1. */
        minPerSecond?: number | undefined;
      });
  /** Refuse calls that would wait too long. Needs `concurrency`. */
  shed?: boolean | ForTools;
}

/** What is permitted for which tools; all of them where `tools` is undefined. */
interface Permitted {
  tools: ReadonlySet<string> | undefined;
}

/** `ControlOptions` with defaults filled in. What is absent is not permitted. */
export interface Permissions {
  concurrency?: Permitted & { min: number; max: number; maxWaitMs: number };
  timeout?: Permitted & { minMs: number };
  cache?: Permitted & { maxTtlMs: number; maxBytes: number; shared: boolean };
  coalesce?: Permitted & { shared: boolean };
  rate?: Permitted & { minPerSecond: number };
  shed?: Permitted;
}

export const CONTROLS_EXPECTED = 'controls by name, each true or { tools, ... }, as described in docs/controls.md';

type Read = (value: unknown) => unknown;

/** The bounds of each control: their readers and their defaults. */
const BOUNDS: Readonly<Record<Control, Readonly<Record<string, { default: unknown; read: Read }>>>> = {
  concurrency: {
    min: { default: 1, read: within(1, POLICY_LIMITS.maxConcurrency, Number.isInteger) },
    max: { default: 1_000, read: within(1, POLICY_LIMITS.maxConcurrency, Number.isInteger) },
    maxWaitMs: { default: 30_000, read: within(0, POLICY_LIMITS.maxWaitMs) },
  },
  timeout: { minMs: { default: 1_000, read: within(1, POLICY_LIMITS.maxWaitMs) } },
  cache: {
    maxTtlMs: { default: 300_000, read: within(1, POLICY_LIMITS.maxTtlMs) },
    maxBytes: { default: 67_108_864, read: within(1, POLICY_LIMITS.maxCacheBytes, Number.isInteger) },
    shared: { default: false, read: flag },
  },
  coalesce: { shared: { default: false, read: flag } },
  rate: { minPerSecond: { default: 1, read: within(1e-3, POLICY_LIMITS.maxPerSecond) } },
  shed: {},
};

/** Undefined for what is not understood in full. What permits nothing is an object without controls. */
export function readPermissions(value: unknown): Permissions | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const permissions: Record<string, object> = {};
  for (const [name, given] of Object.entries(value)) {
    const control = CONTROLS.find((known) => known === name);
    if (control === undefined) return undefined;
    if (given === false || given === undefined) continue;
    const permitted = readPermitted(control, given === true ? {} : given);
    if (permitted === undefined) return undefined;
    permissions[control] = permitted;
  }
  const { concurrency } = permissions as Permissions;
  return concurrency !== undefined && concurrency.min > concurrency.max ? undefined : permissions;
}

function readPermitted(control: Control, given: unknown): object | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const { tools, ...rest } = given as Record<string, unknown>;
  const isList = Array.isArray(tools) && tools.every((name) => typeof name === 'string');
  if (tools !== undefined && !isList) return undefined;
  const bounds = BOUNDS[control];
  if (Object.keys(rest).some((key) => !Object.hasOwn(bounds, key))) return undefined;
  const permitted: Record<string, unknown> = { tools: isList ? new Set(tools as string[]) : undefined };
  for (const [key, bound] of Object.entries(bounds)) {
    permitted[key] = rest[key] === undefined ? bound.default : bound.read(rest[key]);
    if (permitted[key] === undefined) return undefined;
  }
  return permitted;
}

function within(min: number, max: number, also: (value: number) => boolean = () => true): Read {
  return (value) => (typeof value === 'number' && value >= min && value <= max && also(value) ? value : undefined);
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
