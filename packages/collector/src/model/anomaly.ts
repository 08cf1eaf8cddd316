/** Shapes of `detect_anomalies`, of the store and of the exported tree. */
export const ANOMALY_TYPES = ['response_time_spike', 'error_rate_spike', 'resource_spike'] as const;
export type AnomalyType = (typeof ANOMALY_TYPES)[number];

export const DETECTION_METHODS = ['z-score', 'moving-avg', 'percentile'] as const;
export type DetectionMethod = (typeof DETECTION_METHODS)[number];

export const SENSITIVITIES = ['low', 'medium', 'high'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

export type AnomalySeverity = 'info' | 'warning' | 'critical';

export interface Anomaly {
  /** Epoch ms of the minute it was seen in. */
  atMs: number;
  server: string;
  /** Tool name; empty for resources of a whole server. */
  tool: string;
  type: AnomalyType;
  severity: AnomalySeverity;
  currentValue: number;
  /** E.g. "100-500" in the unit of the value. */
  expectedRange: string;
  /** Upper end of the expected range, what an alert raised from it shows as its threshold. */
  expectedMax: number;
  /** E.g. "10x expected". */
  deviation: string;
  /** 0 to 1. */
  confidence: number;
  method: DetectionMethod;
  recommendations: string[];
}
