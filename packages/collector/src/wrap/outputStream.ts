/**
 * This process's stdout as a stream that tells when its reader is slow. Node writes to a pipe synchronously there: with a
 * slow reader the whole process would stand still, and what the client says would not reach the server any more.
 */
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

const STDOUT = 1;
const STDERR = 2;

export function openOutput(): Writable {
  // As big integers: after an ordinary `fstat` of a pipe, Node's `realpathSync` stops at the next symbolic link, and what is
  // imported from then on may be loaded a second time under another path.
  const stdout = fstatSync(STDOUT, { bigint: true });
  const stderr = fstatSync(STDERR, { bigint: true });
  // Where both are one pipe, making it asynchronous would make the server's stderr so as well.
  const isShared = stdout.ino === stderr.ino && stdout.dev === stderr.dev;
  if (process.platform === 'win32' || isShared || !(stdout.isFIFO() || stdout.isSocket())) return process.stdout;
  return new Socket({ fd: STDOUT, readable: false, writable: true });
}
