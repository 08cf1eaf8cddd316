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
  const stdout = fstatSync(STDOUT);
  const stderr = fstatSync(STDERR);
  // Where both are one pipe, making it asynchronous would make the server's stderr so as well.
  const isShared = stdout.ino === stderr.ino && stdout.dev === stderr.dev;
  if (process.platform === 'win32' || isShared || !(stdout.isFIFO() || stdout.isSocket())) return process.stdout;
  return new Socket({ fd: STDOUT, readable: false, writable: true });
}
