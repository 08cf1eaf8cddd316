/**
 * The one expression that every copy of the MCP SDKs has, v1 and v2, ES module and CommonJS, minified or bundled into
 * something else: the map of request handlers is made in the class of the protocol. It is made by `adopt` instead, which
 * is given the instance. Only this expression changes: no line moves, and no column before it.
 */

/**
 * The global under which rewritten modules find `adopt`; where it is missing, they make the map as ever. A plain name, because
 * the expression may stand inside a text (a module that carries others as strings), and a quote would end the text.
 */
export const ADOPT_NAME = '__mcpVitalsAdopt';

/** Cheap to look for; almost no module has it. */
const MARK = '_requestHandlers';

/** What the class has beside it in every copy. A module that merely uses the same name is left alone. */
const COMPANIONS = ['_notificationHandlers', 'setRequestHandler'];

/**
 * An assignment in the constructor, a class field, or a field as compilers write it for older targets
 * (`__publicField(this, "_requestHandlers", ...)`), with a new, empty `Map` and nothing behind it.
 */
const NEW_MAP =
  /((?:\bthis\._requestHandlers\s*=|(?:^|[{};])\s*_requestHandlers\s*=|\(\s*this\s*,\s*(["'])_requestHandlers\2\s*,)\s*(?:\/\*[^*]*\*\/\s*)?)new Map(?:\s*\(\s*\))?(?=\s*(?:[;,})]|$))/gm;

const ADOPTED = `$1(globalThis.${ADOPT_NAME}?.(this)??new Map())`;

/** The source with the map handed over; undefined when there is nothing to hand over. Never throws. */
export function rewrite(source: unknown): string | undefined {
  try {
    if (typeof source === 'string') return source.includes(MARK) ? changed(source) : undefined;
    const bytes = bytesOf(source);
    return bytes?.includes(MARK) ? changed(bytes.toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}

/** Formats whose source is a program in JavaScript; what is required comes without one. */
export function isProgram(format: string | null | undefined): boolean {
  return format == null || format.startsWith('module') || format.startsWith('commonjs');
}

function bytesOf(source: unknown): Buffer | undefined {
  if (ArrayBuffer.isView(source)) return Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return source instanceof ArrayBuffer ? Buffer.from(source) : undefined;
}

function changed(source: string): string | undefined {
  if (!COMPANIONS.every((name) => source.includes(name))) return undefined;
  const rewritten = source.replace(NEW_MAP, ADOPTED);
  return rewritten === source ? undefined : rewritten;
}
