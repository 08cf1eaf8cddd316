/** What the tools answer, as far as the views show it. It comes through a client, so its shape is checked. */

export type Health = 'healthy' | 'degraded' | 'critical';

export interface ServerHealth {
  name: string;
  healthScore: number;
  avgResponseTime: number;
  errorRate: number;
  activeAlerts: number;
  status: Health;
}

export interface Dashboard {
  timestamp: string;
  mcpServers: ServerHealth[];
  activeAlerts: number;
  recentAnomalies: number;
  systemHealth: Health;
}

export interface Alert {
  alertId: string;
  timestamp: string;
  mcpServer: string;
  toolName: string;
  severity: string;
  condition: string;
  currentValue: number;
  status: string;
  acknowledgedBy?: string;
}

export interface AlertList {
  alerts: Alert[];
  summary: { totalActive: number };
}

export interface ReportAnswer {
  report: string;
  summary: {
    period: string;
    totalCalls: number;
    avgResponseTime: number;
    errorRate: number;
    anomaliesDetected: number;
    alertsTriggered: number;
  };
  recommendations: string[];
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

export function isDashboard(value: unknown): value is Dashboard {
  return isObject(value) && Array.isArray(value.mcpServers) && typeof value.systemHealth === 'string';
}

export function isAlertList(value: unknown): value is AlertList {
  return isObject(value) && Array.isArray(value.alerts) && isObject(value.summary);
}

export function isReport(value: unknown): value is ReportAnswer {
  return (
    isObject(value) &&
    typeof value.report === 'string' &&
    isObject(value.summary) &&
    Array.isArray(value.recommendations)
  );
}
