/**
 * Reads a request's body with a limit that holds whatever the sender says: the announced length is refused before a
 * byte is read, the bytes are counted as they come.
 */
import type { IncomingMessage } from 'node:http';
import { VitalsError } from './errors.ts';

function tooLarge(maxBytes: number): VitalsError {
  return new VitalsError('too_large', `The body is larger than ${maxBytes} bytes`);
}

/**
 * @throws VitalsError `too_large`, or `invalid` when the sender goes away before the end
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      reject(tooLarge(maxBytes));
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        request.removeAllListeners('data').pause();
        reject(tooLarge(maxBytes));
      } else {
        chunks.push(chunk);
      }
    });
    // Most batches come in one piece, which then is not copied.
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes)));
    // Every request closes in the end; an error is made, with its stack, only for one that did so too early.
    const endEarly = () => request.complete || reject(new VitalsError('invalid', 'The body ended early'));
    request.on('error', endEarly).on('close', endEarly);
  });
}
