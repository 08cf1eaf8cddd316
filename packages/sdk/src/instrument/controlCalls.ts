/**
 * Leads calls of tools through the controls of their server while a policy is in force. Without one a call costs a look at
 * a field, and the handler gets what it always got. Nothing of the SDKs' is changed: where a tool needs another signal, it
 * gets a copy of the second argument that has it, made as the SDKs make such copies themselves.
 */
import { randomUUID } from 'node:crypto';
import type { ControlledCall } from '../control/toolControls.ts';
import type { KnowsName } from '../record/recorder.ts';
import type { RequestHandler } from './dispatch.ts';
import { principalOf } from './principal.ts';
import { signalOf, withSignal } from './signal.ts';
import type { KnownTool, ToolHints } from './toolHints.ts';

/** Of `_meta`: what says nothing about what is asked for. */
const TRACE_KEYS: ReadonlySet<string> = new Set(['traceparent', 'tracestate', 'baggage']);

type Sharing = 'cache' | 'coalesce';

interface ToolWay {
  run(call: ControlledCall): unknown;
  forgetAnswers(): void;
}

export interface ControlContext {
  controls: {
    readonly isActive: boolean;
    of(tool: string, knows?: KnowsName): ToolWay | undefined;
    /** What the author permits for answers that more than one call gets. */
    readonly permissions: Readonly<
      Partial<Record<Sharing, { tools: ReadonlySet<string> | undefined; shared: boolean }>>
    >;
  };
  /** What was given to be monitored. */
  server: object;
  /** The low-level server that handles the requests. */
  owner: object;
  nameOf(request: unknown): string;
  knows?: KnowsName | undefined;
  hints: ToolHints;
  /** Digest of JSON values; undefined for what has none. */
  digest(parts: readonly unknown[]): string | undefined;
}

/** A handler of `tools/call` that does what `original` does, within the policy in force. */
export function controlCalls(original: RequestHandler, context: ControlContext): RequestHandler {
  const { controls } = context;
  const code = new WeakMap<object, unknown>();
  const ownerId = randomUUID();
  return function controlledCall(this: unknown, ...args: unknown[]): unknown {
    if (!controls.isActive) return Reflect.apply(original, this, args);
    const way = wayOf(context, args[0]);
    if (way === undefined) return Reflect.apply(original, this, args);
    const [request, extra, ...rest] = args;
    return way.controls.run({
      signal: signalOf(extra),
      key: (sharing) => keyOf({ sharing, way, request, extra, ownerId }, context, code),
      run: (signal) =>
        Reflect.apply(original, this, signal === undefined ? args : [request, withSignal(extra, signal), ...rest]),
    });
  };
}

interface Way {
  tool: string;
  controls: ToolWay;
}

/** Undefined for a request that cannot be read: the tool's handler says what is wrong with it. */
function wayOf({ controls, nameOf, knows }: ControlContext, request: unknown): Way | undefined {
  try {
    const tool = nameOf(request);
    const ofTool = controls.of(tool, knows);
    return ofTool && { tool, controls: ofTool };
  } catch {
    return undefined;
  }
}

interface Asked {
  sharing: Sharing;
  way: Way;
  request: unknown;
  extra: unknown;
  /** Of the server object, among all of the process. */
  ownerId: string;
}

/** The same for calls that may have one answer; undefined where none may. Never throws. */
function keyOf(
  { sharing, way, request, extra, ownerId }: Asked,
  context: ControlContext,
  code: WeakMap<object, unknown>,
): string | undefined {
  try {
    const permitted = context.controls.permissions[sharing];
    const hints = context.hints.of(context.server, way.tool);
    if (permitted === undefined || hints === undefined) return undefined;
    if (hasChanged(hints, code)) way.controls.forgetAnswers();
    if (!hints.isReadOnly || !(hints.isIdempotent || permitted.tools?.has(way.tool))) return undefined;
    const asked = whatIsAsked(request, extra);
    // A server object may have been made for one client, and know it.
    const who = permitted.shared ? [] : principalOf(extra, context.owner)?.concat(ownerId);
    return asked && who && context.digest([asked, who]);
  } catch {
    return undefined;
  }
}

/** Whether a registered tool runs other code than when it was last looked at. */
function hasChanged({ code, registered }: KnownTool, seen: WeakMap<object, unknown>): boolean {
  if (registered === undefined) return false;
  const isOther = seen.has(registered) && seen.get(registered) !== code;
  seen.set(registered, code);
  return isOther;
}

interface CallRequest {
  params?: { _meta?: Record<string, unknown> | null; task?: unknown } & Record<string, unknown>;
}

/** All of `params` but what traces it; undefined for a call that wants more than an answer: progress, a task, to go on with a question. */
function whatIsAsked(request: unknown, extra: unknown): readonly unknown[] | undefined {
  const { _meta, ...params } = (request as CallRequest).params ?? {};
  const { mcpReq } = (extra ?? {}) as { mcpReq?: { inputResponses?: unknown; envelope?: unknown } };
  const meta = Object.entries(_meta ?? {}).filter(([key]) => !TRACE_KEYS.has(key));
  const wantsMore = params.task !== undefined || meta.some(([key]) => key === 'progressToken');
  if (wantsMore || mcpReq?.inputResponses !== undefined) return undefined;
  return [params, Object.fromEntries(meta), mcpReq?.envelope ?? null];
}
