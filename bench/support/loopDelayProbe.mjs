/**
 * Loaded into a collector by `--import`: tells whoever started it how long its event loop was held up at most since they asked
 * last. On a machine with other work that is mostly waiting for a processor; so what the thread itself took is told as well.
 */
import { openSync, readSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const TICK_MS = 1;
const NS_PER_MS = 1e6;

/** Milliseconds of a processor that the main thread has had; NaN but on Linux (proc(5), schedstat). */
function processorReader() {
  try {
    const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
    const buffer = Buffer.alloc(64);
    return () => {
      const text = buffer.latin1Slice(0, readSync(file, buffer, 0, buffer.length, 0));
      return Number(text.slice(0, text.indexOf(' '))) / NS_PER_MS;
    };
  } catch {
    return () => Number.NaN;
  }
}

// Its threads are given the flag as well, and hold nobody up.
if (isMainThread) {
  const processorMs = processorReader();
  let last = { atMs: performance.now(), processorMs: processorMs() };
  let longest = { wallMs: 0, processorMs: 0 };
  setInterval(() => {
    const now = { atMs: performance.now(), processorMs: processorMs() };
    longest = {
      wallMs: Math.max(longest.wallMs, now.atMs - last.atMs - TICK_MS),
      processorMs: Math.max(longest.processorMs, now.processorMs - last.processorMs),
    };
    last = now;
  }, TICK_MS).unref();
  process.on('message', () => {
    process.send(longest);
    longest = { wallMs: 0, processorMs: 0 };
  });
  // Nobody else would end it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
