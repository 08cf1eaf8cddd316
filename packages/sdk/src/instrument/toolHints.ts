/**
 * What a server says about its tools: whether a call only reads, whether it may be repeated, whether it destroys. From the
 * registry of an `McpServer`, which is always up to date, and of a low-level server from its answers to `tools/list`.
 */

import type { RequestHandler } from './dispatch.ts';
import { follow } from './follow.ts';

/** Annotations of a tool, as far as they are asked for. */
interface Hints {
  readOnlyHint?: unknown;
  idempotentHint?: unknown;
  destructiveHint?: unknown;
}

/** What an `McpServer` keeps of a tool: what runs is `callback` or `handler`, depending on the version. */
interface RegisteredTool {
  annotations?: Hints | null;
  enabled?: unknown;
  callback?: unknown;
  handler?: unknown;
}

interface ListedTool {
  name?: unknown;
  annotations?: Hints | null;
}

/** More tools than that are not remembered. */
const MAX_LISTED = 1_000;

/** What is known of a tool now. */
export interface KnownTool {
  /** Whether its answers may be given again, as it says itself; one that is disabled has none. */
  isReadOnly: boolean;
  isIdempotent: boolean;
  /** What runs, where that can be told: another one than before is another tool. */
  code: unknown;
  /** What the tool is kept in, where there is such a thing. */
  registered: object | undefined;
}

export class ToolHints {
  readonly #listed = new Map<string, Hints>();
  #hasListed = false;

  /** Reads an answer to `tools/list`. */
  learn(request: unknown, answer: unknown): void {
    const tools = (answer as { tools?: unknown } | null | undefined)?.tools;
    if (!Array.isArray(tools)) return;
    const cursor = (request as { params?: { cursor?: unknown } } | undefined)?.params?.cursor;
    if (cursor === undefined) this.#listed.clear();
    this.#hasListed = true;
    for (const { name, annotations } of tools as ListedTool[]) {
      if (typeof name === 'string' && this.#listed.size < MAX_LISTED) this.#listed.set(name, annotations ?? {});
    }
  }

  /** Whether there is such a tool; undefined as long as nobody has asked for the list. */
  lists(tool: string): boolean | undefined {
    return this.#hasListed ? this.#listed.has(tool) : undefined;
  }

  /** @param server what was given to be monitored */
  of(server: object, tool: string): KnownTool | undefined {
    const registry = (server as { _registeredTools?: unknown })._registeredTools;
    if (typeof registry !== 'object' || registry === null) return known(this.#listed.get(tool), undefined);
    if (!Object.hasOwn(registry, tool)) return undefined;
    const registered = (registry as Record<string, RegisteredTool>)[tool]!;
    return registered.enabled === false ? undefined : known(registered.annotations ?? {}, registered);
  }
}

/** A handler of `tools/list` that does what `original` does, while `hints` reads along. */
export function learnHints(original: RequestHandler, hints: ToolHints): RequestHandler {
  return function readList(this: unknown, ...args: unknown[]): unknown {
    const answer = Reflect.apply(original, this, args);
    const read = (list: unknown) => {
      try {
        hints.learn(args[0], list);
      } catch {
        // A list that cannot be read teaches nothing.
      }
    };
    if (!follow(answer, read, () => {})) read(answer);
    return answer;
  };
}

function known(hints: Hints | undefined, registered: RegisteredTool | undefined): KnownTool | undefined {
  if (hints === undefined) return undefined;
  return {
    isReadOnly: hints.readOnlyHint === true && hints.destructiveHint !== true,
    isIdempotent: hints.idempotentHint === true,
    code: registered?.handler ?? registered?.callback,
    registered,
  };
}
