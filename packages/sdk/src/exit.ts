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
import type { Monitor } from './monitor.ts';

const LAST_SEND_MS = 200;

/** Installs the two listeners. */
export function flushOnExit(monitor: Monitor): void {
  process.once('beforeExit', () => {
    if (monitor.hasUnsent && !monitor.isCollectorAway) void monitor.flush(LAST_SEND_MS);
  });
  process.once('exit', () => {
    if (monitor.hasUnsent) monitor.spoolUnsent();
  });
}
