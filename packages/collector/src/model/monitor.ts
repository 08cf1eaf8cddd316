/** What is looked at while a system, a server or a tool is watched live. */

export const MONITOR_SCOPES = ['system', 'server', 'tool'] as const;
export type MonitorScope = (typeof MONITOR_SCOPES)[number];

export const MONITOR_METRICS = [
  'cpu',
  'memory',
  'disk',
  'network',
  'event_loop_delay',
  'execution_time',
  'in_flight',
  'throughput',
  'error_rate',
] as const;
export type MonitorMetric = (typeof MONITOR_METRICS)[number];

/** The figures of each metric; a threshold holds for the first of them. */
export const FIGURES_OF_METRIC = {
  cpu: ['cpuPercent'],
  memory: ['memoryMb', 'memoryPercent'],
  disk: ['diskKbPerSecond'],
  network: ['networkKbPerSecond'],
  event_loop_delay: ['eventLoopDelayMs'],
  execution_time: ['avgMs', 'maxMs'],
  in_flight: ['inFlight'],
  throughput: ['callsPerSecond'],
  error_rate: ['errorRatePercent'],
} as const satisfies Record<MonitorMetric, readonly string[]>;

export type MonitorFigure = (typeof FIGURES_OF_METRIC)[MonitorMetric][number];

/** Null where nothing was reported that says it. */
export type Figures = Partial<Record<MonitorFigure, number | null>>;

/** The figures of the time since the sample before. */
export interface MonitorSample {
  /** Its end. */
  atMs: number;
  figures: Figures;
}

/** Seconds in a row, in which a figure was beyond what the caller had named. */
export interface Breach {
  metric: MonitorMetric;
  threshold: number;
  fromMs: number;
  toMs: number;
  samples: number;
  worst: number;
}

export interface FigureSummary {
  figure: MonitorFigure;
  min: number;
  avg: number;
  max: number;
  /** Newest value. */
  last: number;
  /** Mean of the last 24 hours, with the lowest and the highest hour; absent where it was not asked for, or is not kept. */
  usual?: { avg: number; low: number; high: number };
}

export interface MonitorTarget {
  scope: MonitorScope;
  server: string | undefined;
  tool: string | undefined;
}

export interface MonitorRequest extends MonitorTarget {
  metrics: readonly MonitorMetric[];
  durationMs: number;
  intervalMs: number;
  thresholds: Readonly<Partial<Record<MonitorMetric, number>>>;
  includeHistorical: boolean;
}

export interface MonitorRun extends MonitorTarget {
  startMs: number;
  endMs: number;
  /** Whether it ended before its time, because the caller wanted it to. */
  isCancelled: boolean;
  intervalMs: number;
  /** The width of what servers report; finer samples repeat it in parts. Null where nothing was reported. */
  resolutionMs: number | null;
  /** Calls that ended meanwhile, and how many of them failed. */
  calls: number;
  errors: number;
  /** Neighbours are merged where there would be too many. */
  samples: MonitorSample[];
  summary: FigureSummary[];
  breaches: Breach[];
  /** What the reader must know of these figures, in plain sentences without texts from outside. */
  notes: string[];
}
