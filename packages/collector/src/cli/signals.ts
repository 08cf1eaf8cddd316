/** Ending by a signal: gracefully the first time, at once the second. */

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `stop` at the first SIGINT or SIGTERM and exits with 0, or 1 when it fails. From then on nobody listens, so the
 * next signal ends the process as it would any other.
 */
export function onSignal(stop: () => Promise<void>, exit: (code: number) => void = process.exit): void {
  const end = () => {
    for (const signal of SIGNALS) process.removeListener(signal, end);
    stop().then(
      () => exit(0),
      () => exit(1),
    );
  };
  for (const signal of SIGNALS) process.on(signal, end);
}
