/** What is unusual, and why. */
import type { Anomaly, DetectionMethod, Explanation, Sensitivity } from '../../model/anomaly.ts';
import type { TimedKind } from '../../model/series.ts';

export interface DetectionRequest {
  server: string | undefined;
  tool: string | undefined;
  kind: TimedKind;
  lookbackMs: number;
  method: DetectionMethod;
  sensitivity: Sensitivity;
}

export interface Detection {
  /** Cached for `config.detection.cacheSeconds`. Newest first. */
  detect(request: DetectionRequest): Promise<Anomaly[]>;
  /** The numbers behind an anomaly that was saved. @throws VitalsError `not_found` */
  explain(anomalyId: string): Promise<Explanation>;
}
