/** What a threshold may be about, and how it is set. */
import { callTool, type Threshold } from '../../api/client.ts';

export const METRICS = {
  response_time: { title: 'Response time (p95)', unit: 'ms' },
  error_rate: { title: 'Error rate', unit: '%' },
  cpu: { title: 'CPU', unit: '%' },
  memory: { title: 'Memory', unit: '%' },
} as const;

type Scope = Pick<Threshold, 'server' | 'tool' | 'metric' | 'severity'>;

/** @throws ApiFailure */
export function setThreshold({ server, tool, metric, severity }: Scope, threshold: number, enabled: boolean) {
  const scope = { ...(server !== '' && { mcpServer: server }), ...(tool !== '' && { toolName: tool }) };
  return callTool('set_alert_threshold', { ...scope, metric, severity, threshold, enabled });
}

/** Of its controls, for who hears them. */
export function labelOf({ server, tool, metric, severity }: Scope): string {
  return [METRICS[metric].title, severity, server, tool].filter((part) => part !== '').join(', ');
}
