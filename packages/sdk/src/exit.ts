/**
 * What happens to unsent measurements when the process ends. The rule is that the process ends when and how it would
 * have ended without us.
 *
 * - The event loop ran empty: one attempt to send, for at most 100 ms, and only while a collector is there.
 * - `process.exit`, an uncaught exception, and after the attempt above: what is left goes to the spool.
 * - SIGTERM, SIGINT, SIGHUP: the same, through a listener that is there only while something is unsent, and that leaves
 *   the signal to its default effect or to the program's own listeners. See docs/decisions/0009-last-moments.md.
 * - SIGKILL: what was measured in the last two seconds at most is lost; everything older has been sent or is in the spool.
 */
import { isMainThread } from 'node:worker_threads';
import type { Monitor } from './monitor.ts';

/** Half of the 200 ms that are promised: the other half is for a busy machine. A collector on it answers in a few. */
const LAST_SEND_MS = 100;

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Installs what the monitor needs to lose nothing at the end of the process. */
export function flushOnExit(monitor: Monitor): void {
  process.once('beforeExit', () => {
    if (monitor.hasUnsent && !monitor.isCollectorAway) void monitor.flushOnce(LAST_SEND_MS);
  });
  process.once('exit', () => {
    if (monitor.hasUnsent) monitor.spoolUnsent();
  });
  // In a worker thread signals are not delivered, and the main thread ends the process.
  if (isMainThread) listenForSignals(monitor);
}

function listenForSignals(monitor: Monitor): void {
  let isListening = false;
  const remove = () => {
    isListening = false;
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    // Gone before anybody else is asked: libraries end the process when they find that all listeners are theirs.
    remove();
    // Even when others listen: one of them may send the signal again, to this process without listeners. Should the
    // program live on, what is in the spool is sent from there.
    monitor.spoolUnsent();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  monitor.onUnsentChange = (hasUnsent) => {
    if (!hasUnsent) remove();
    else if (!isListening) {
      isListening = true;
      for (const signal of SIGNALS) process.prependListener(signal, onSignal);
    }
  };
}
