/** States in colour and in words: never in colour alone. */
import type { Alert, Health } from '../api/client.ts';

const TONE = { healthy: 'good', degraded: 'warn', critical: 'bad', warning: 'warn', info: 'info' } as const;

export function HealthBadge({ status, score }: { status: Health; score?: number }) {
  return (
    <span class={`badge badge-${TONE[status]}`}>
      {score !== undefined && <b>{score}</b>} {status}
    </span>
  );
}

export function SeverityBadge({ severity }: { severity: Alert['severity'] | 'info' }) {
  return <span class={`badge badge-${TONE[severity]}`}>{severity}</span>;
}

/** What an alert's state means to who reads it. */
export function alertState({ status, clearedAt, acknowledgedBy }: Alert): string {
  if (status === 'resolved') return 'resolved';
  if (clearedAt !== null) return 'over, not resolved yet';
  if (status === 'acknowledged') return `acknowledged by ${acknowledgedBy ?? 'somebody'}`;
  return status === 'escalated' ? 'escalated: nobody acknowledged it' : 'firing';
}

/** What it is about, without the signs of a machine. */
export function conditionWords({ condition }: Pick<Alert, 'condition'>): string {
  return condition.replaceAll('_', ' ');
}
