/** The other end of a streamed tool call, see `serve/streamedCalls.ts`: its lines, as they come. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { type ErrorCode, HTTP_STATUS, VitalsError } from '../errors.ts';
import type { CallLine } from '../serve/streamedCalls.ts';
import type { CallControl } from '../serve/toolBackend.ts';

/**
 * Reads until the answer.
 * @param cancel asks for the end of the call of this id
 * @throws VitalsError as the collector said it; any other error where the stream ended before the answer
 */
export async function readStreamedAnswer(
  body: AsyncIterable<Uint8Array>,
  { signal, onProgress }: CallControl,
  cancel: (callId: string) => void,
): Promise<CallToolResult> {
  let endCall = () => {};
  const onAbort = () => endCall();
  signal?.addEventListener('abort', onAbort);
  try {
    for await (const line of linesOf(body)) {
      if ('call' in line) {
        endCall = () => cancel(line.call);
        if (signal?.aborted) endCall();
      } else if ('progress' in line) onProgress?.(line.progress);
      else if ('result' in line) return line.result;
      else if ('error' in line) throw failureOf(line.error);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  throw new Error('The stream ended before the answer');
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<CallLine> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line) as CallLine;
  }
}

function failureOf({ error, message, hint }: Extract<CallLine, { error: object }>['error']): VitalsError {
  const code = Object.hasOwn(HTTP_STATUS, error) ? (error as ErrorCode) : 'internal';
  return new VitalsError(code, message, hint === undefined ? {} : { hint });
}
