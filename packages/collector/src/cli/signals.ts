/** Ending by a signal: once gracefully, and at once when it is sent again. */

/** Runs `stop` at the first SIGINT or SIGTERM, then exits with 0; the next one ends the process as if nobody listened. */
export function onSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const end = () => {
    if (stopping) return;
    stopping = true;
    for (const signal of SIGNALS) process.removeListener(signal, end);
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of SIGNALS) process.on(signal, end);
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
