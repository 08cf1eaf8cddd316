/**
 * What may be told about a failure: its class and code. Its message only where the server's author asked for it, and
 * then shortened and scrubbed, because messages quote arguments.
 */
import type { ErrorSample, Outcome } from '@mcp-vitals/wire/encode';
import { scrub } from './scrub.ts';

const MAX_CLASS_LENGTH = 200;
const MAX_CODE_LENGTH = 100;
const MAX_MESSAGE_LENGTH = 500;

interface FailureShape {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  constructor?: { name?: unknown };
  content?: unknown;
}

/**
 * @param cause what was thrown, or the answer that says `isError`
 * @returns class and code, and the message if `withMessage`
 */
export function describeFailure(outcome: Outcome, cause: unknown, withMessage: boolean): Omit<ErrorSample, 'atMs'> {
  try {
    const shape = (typeof cause === 'object' && cause !== null ? cause : {}) as FailureShape;
    const described = { errorClass: classOf(outcome, cause, shape), code: codeOf(shape.code) };
    const message = withMessage ? messageOf(outcome, cause, shape) : undefined;
    return message === undefined ? described : { ...described, message: cut(scrub(message), MAX_MESSAGE_LENGTH) };
  } catch {
    return { errorClass: outcome, code: '' };
  }
}

function classOf(outcome: Outcome, cause: unknown, shape: FailureShape): string {
  if (!(cause instanceof Error) && typeof shape.message !== 'string') return outcome;
  const own = shape.constructor?.name;
  const name = typeof own === 'string' && own !== '' && own !== 'Object' ? own : shape.name;
  return typeof name === 'string' && name !== '' ? cut(name, MAX_CLASS_LENGTH) : outcome;
}

function codeOf(code: unknown): string {
  return typeof code === 'string' || typeof code === 'number' ? cut(String(code), MAX_CODE_LENGTH) : '';
}

function messageOf(outcome: Outcome, cause: unknown, shape: FailureShape): string | undefined {
  if (typeof cause === 'string') return cause;
  if (typeof shape.message === 'string') return shape.message;
  return outcome === 'tool_error' ? firstText(shape.content) : undefined;
}

/** High-level servers turn what a tool throws into an answer whose first text is the message. */
function firstText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const text: unknown = (content[0] as { text?: unknown } | undefined)?.text;
  return typeof text === 'string' ? text : undefined;
}

/** Well-formed and at most `maxLength` characters, marked where something is missing. */
function cut(text: string, maxLength: number): string {
  return (text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`).toWellFormed();
}
