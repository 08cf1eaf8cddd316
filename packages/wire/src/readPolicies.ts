/**
 * Reads policies out of an answer of the collector. Whatever answers there is not trusted, and no zod reaches an SDK: each
 * value is checked by hand for its type and bounds. What is unknown is passed over, so that collectors can learn new words;
 * a policy with anything wrong in it is not obeyed at all, because half of a policy is another policy.
 */
import type { Control, Policy, ToolPolicy } from './policy.ts';
import { CONTROLS, POLICY_LIMITS } from './policy.ts';

const LIMITS = POLICY_LIMITS;

/** What was read, and what was not obeyed. */
export interface ReadPolicies {
  policies: Policy[];
  /** Why policies were passed over, each in a few words of ours: nothing of the answer is repeated. */
  refused: string[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * @param answer the JSON of an answer to a batch: `{ policies?: Policy[] }`
 * @returns at most one policy per server name: the first of several with the highest version. Never throws for JSON.
 */
export function readPolicies(answer: unknown): ReadPolicies {
  const given = fieldsOf(answer)?.policies;
  if (given === undefined) return { policies: [], refused: [] };
  if (!Array.isArray(given) || given.length > LIMITS.maxPolicies) {
    return { policies: [], refused: ['policies are not a list, or too many'] };
  }
  const byServer = new Map<string, Policy>();
  const refused: string[] = [];
  for (const entry of given) {
    try {
      const policy = readPolicy(entry);
      const other = byServer.get(policy.server);
      if (other === undefined || other.version < policy.version) byServer.set(policy.server, policy);
    } catch (error) {
      refused.push((error as Error).message);
    }
  }
  return { policies: [...byServer.values()], refused };
}

/** @throws TypeError */
function readPolicy(given: unknown): Policy {
  const fields = record(given, 'a policy');
  const tools = Object.entries(record(fields.tools, 'tools'));
  if (tools.length > LIMITS.maxTools) throw new TypeError('tools: too many');
  return {
    server: name(fields.server, 'server'),
    version: integer(fields.version, 'version', 1, Number.MAX_SAFE_INTEGER),
    leaseMs: number(fields.leaseMs, 'leaseMs', LIMITS.minLeaseMs, LIMITS.maxLeaseMs),
    // Without a prototype, because a tool may be called `constructor`.
    tools: Object.assign(
      Object.create(null),
      Object.fromEntries(tools.map(([tool, policy]) => [name(tool, 'a tool'), readTool(policy)])),
    ),
  };
}

const READERS: { [C in Control]: (fields: Fields) => NonNullable<ToolPolicy[C]> } = {
  concurrency(fields) {
    const { limit, adaptive, maxQueued, maxWaitMs } = fields;
    const read = {
      limit: integer(limit, 'limit', 1, LIMITS.maxConcurrency),
      maxQueued: integer(maxQueued, 'maxQueued', 0, LIMITS.maxQueued),
      maxWaitMs: number(maxWaitMs, 'maxWaitMs', 0, LIMITS.maxWaitMs),
    };
    return adaptive === undefined ? read : { ...read, adaptive: bounds(record(adaptive, 'adaptive')) };
  },
  timeout: ({ afterMs }) => ({ afterMs: number(afterMs, 'afterMs', 1, LIMITS.maxWaitMs) }),
  cache: ({ ttlMs, maxEntries, maxBytes }) => ({
    ttlMs: number(ttlMs, 'ttlMs', 1, LIMITS.maxTtlMs),
    maxEntries: integer(maxEntries, 'maxEntries', 1, LIMITS.maxEntries),
    maxBytes: integer(maxBytes, 'maxBytes', 1, LIMITS.maxCacheBytes),
  }),
  coalesce: () => ({}),
  rate: ({ perSecond, burst }) => ({
    perSecond: number(perSecond, 'perSecond', 1e-3, LIMITS.maxPerSecond),
    burst: number(burst, 'burst', 1, LIMITS.maxPerSecond),
  }),
  shed: ({ targetWaitMs }) => ({ targetWaitMs: number(targetWaitMs, 'targetWaitMs', 0, LIMITS.maxWaitMs) }),
};

/** @throws TypeError */
function readTool(given: unknown): ToolPolicy {
  const fields = record(given, 'a policy of a tool');
  const asked = CONTROLS.filter((control) => fields[control] !== undefined);
  return Object.fromEntries(asked.map((control) => [control, READERS[control](record(fields[control], control))]));
}

/** @throws TypeError */
function bounds(fields: Fields): { min: number; max: number } {
  const min = integer(fields.min, 'min', 1, LIMITS.maxConcurrency);
  return { min, max: integer(fields.max, 'max', min, LIMITS.maxConcurrency) };
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** @throws TypeError */
function record(value: unknown, what: string): Fields {
  const fields = fieldsOf(value);
  if (fields === undefined) throw new TypeError(`${what}: expected an object`);
  return fields;
}

/** @throws TypeError */
function name(value: unknown, what: string): string {
  if (typeof value === 'string' && value.length <= LIMITS.maxNameLength) return value;
  throw new TypeError(`${what}: expected a text of at most ${LIMITS.maxNameLength} characters`);
}

/** @throws TypeError */
function number(value: unknown, what: string, min: number, max: number): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new TypeError(`${what}: expected a number from ${min} to ${max}`);
}

/** @throws TypeError */
function integer(value: unknown, what: string, min: number, max: number): number {
  if (Number.isInteger(value)) return number(value, what, min, max);
  throw new TypeError(`${what}: expected a whole number from ${min} to ${max}`);
}
