/** Signals that the proxy gets are the server's. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PASSED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGCONT', 'SIGWINCH'];

/** What a terminal sends to every process in the foreground, the server included. */
const BY_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGWINCH']);

/** Passes signals on until what is returned is called. */
export function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals) => {
    if (!(BY_TERMINAL.has(signal) && isInForeground())) child.kill(signal);
  };
  for (const signal of PASSED) process.on(signal, pass);
  return () => {
    for (const signal of PASSED) process.removeListener(signal, pass);
  };
}

/** Whether this process belongs to the foreground of a terminal. Known on Linux; elsewhere a signal is rather passed twice. */
function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const [, , group, , , foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foregroundGroup;
  } catch {
    return false;
  }
}
