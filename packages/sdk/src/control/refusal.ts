/**
 * What a client gets in place of a tool's answer. It is an answer that says `isError`, because a model reads it: what
 * happened, who did it, and when to try again. It is cheap, for there are many when there is too much to do.
 */
import type { RefusalCode } from '@mcp-vitals/wire/encode';

/** Where programs find the same under `_meta`. */
const META_KEY = 'mcp-vitals/refusal';

const REASONS: Readonly<Record<RefusalCode, string>> = {
  queue_full: 'too many calls of this tool are waiting already',
  queue_timeout: 'it has waited too long for other calls of this tool to end',
  shed: 'calls of this tool have to wait too long at the moment',
  rate_limited: 'this tool has been called too often lately',
  timeout: 'the tool has taken too long and was told to stop',
};

/** Answers of ours, to tell them from those of tools. */
const ours = new WeakMap<object, RefusalCode>();

/**
 * An answer to `tools/call`.
 * @param version of the policy that asks for it
 * @param retryAfterMs when another try may be worth while; undefined where nobody knows
 */
export function refusal(code: RefusalCode, version: number, retryAfterMs?: number): object {
  const what = code === 'timeout' ? 'ended' : 'refused';
  const ran = code === 'timeout' ? '' : ' The tool did not run.';
  const again = retryAfterMs === undefined ? '' : ` Try again in ${secondsOf(retryAfterMs)} s.`;
  const text = `mcp-vitals (policy v${version}) ${what} this call: ${REASONS[code]}.${ran}${again}`;
  const details = {
    code,
    policy: version,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
  };
  const answer = { content: [{ type: 'text', text }], isError: true, _meta: { [META_KEY]: details } };
  ours.set(answer, code);
  return answer;
}

/** Undefined for the answer of a tool. */
export function refusalCodeOf(answer: unknown): RefusalCode | undefined {
  return typeof answer === 'object' && answer !== null ? ours.get(answer) : undefined;
}

/** Rounded up, with a tenth where it matters. */
function secondsOf(durationMs: number): number {
  return durationMs < 1_000 ? Math.ceil(durationMs / 100) / 10 : Math.ceil(durationMs / 1_000);
}
