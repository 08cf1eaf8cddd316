/**
 * What happens to unsent measurements when the process ends. The rule is that the process ends when and how it would
 * have ended without us: there is no signal listener, because one would replace the default of the signal, and nothing
 * keeps the event loop alive but the one attempt below.
 *
 * - The event loop ran empty: one attempt to send, for at most 200 ms, and only while a collector is there.
 * - `process.exit`, an uncaught exception, and after the attempt above: what is left goes to the spool.
 * - A signal with its default effect, or SIGKILL: nothing of ours can run. What was measured in the last two seconds at
 *   most is lost; everything older has been sent or is in the spool.
 */
import type { Clock } from './clock.ts';
import type { Monitor } from './monitor.ts';

const LAST_SEND_MS = 200;

/** Installs the two listeners; returns what removes them. */
export function flushOnExit(monitor: Monitor, clock: Clock): () => void {
  const onBeforeExit = () => {
    if (monitor.hasUnsent && !monitor.isCollectorAway) keepAliveWhile(monitor.flush(), clock);
  };
  const onExit = () => {
    if (monitor.hasUnsent) monitor.spoolUnsent();
  };
  process.once('beforeExit', onBeforeExit);
  process.once('exit', onExit);
  return () => {
    process.off('beforeExit', onBeforeExit);
    process.off('exit', onExit);
  };
}

/** Sockets and timers of ours are unref'd, so a timer holds the process until the work is done or its time is up. */
function keepAliveWhile(work: Promise<void>, clock: Clock): void {
  const letGo = clock.afterKeepingAlive(LAST_SEND_MS, () => {});
  void work.then(letGo, letGo);
}
