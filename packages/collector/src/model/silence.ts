/** Whether a silence is about an alert, now. */
import type { Alert, Silence } from './alert.ts';
import { matches } from './namePattern.ts';
import { matchesServer } from './workspace.ts';

export function isSilenced({ server, tool }: Pick<Alert, 'server' | 'tool'>, silence: Silence, nowMs: number): boolean {
  const isNow = nowMs >= silence.fromMs && nowMs < silence.untilMs;
  return isNow && matchesServer(silence.server, server) && (silence.tool === '*' || matches(silence.tool, tool));
}
