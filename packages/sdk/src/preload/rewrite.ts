/**
 * The one expression that every copy of the MCP SDKs has, v1 and v2, ES module and CommonJS, minified or bundled into
 * something else: the map of request handlers is made in the class of the protocol. It is made by `adopt` instead, which
 * is given the instance. Only this expression changes: no line moves, and no column before it.
 */

/** Where `adopt` stands for rewritten modules; whoever finds nothing there makes the map as ever. */
export const ADOPT_KEY = '@mcp-vitals/sdk/preload/1';

/** Cheap to look for; almost no module has it. */
const MARK = '_requestHandlers';

const NEW_MAP = /(\b_requestHandlers\s*=\s*(?:\/\*[^*]*\*\/\s*)?)new Map(?:\(\))?/g;
const ADOPTED = `$1(globalThis[Symbol.for("${ADOPT_KEY}")]?.(this)??new Map())`;

/** The source with the map handed over; undefined when there is nothing to hand over. */
export function rewrite(source: unknown): string | undefined {
  if (typeof source === 'string') return source.includes(MARK) ? changed(source) : undefined;
  if (!ArrayBuffer.isView(source) && !(source instanceof ArrayBuffer)) return undefined;
  const bytes = ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
    : Buffer.from(source);
  return bytes.includes(MARK) ? changed(bytes.toString('utf8')) : undefined;
}

function changed(source: string): string | undefined {
  const rewritten = source.replace(NEW_MAP, ADOPTED);
  return rewritten === source ? undefined : rewritten;
}
