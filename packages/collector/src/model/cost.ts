/** Shapes of what calls cost: time, processor, tokens. Tokens are an estimate from the bytes of results, see `docs/cost.md`. */

/** The size of a tool's results, where its server measures it. */
export interface ResultCost {
  /** Calls whose result was measured. */
  measuredCalls: number;
  bytes: number;
  meanBytes: number;
  p95Bytes: number;
  maxBytes: number;
  /** Estimated from the bytes, as are all tokens. */
  tokens: number;
  tokensPerCall: number;
  /** Of all tokens, by name of the model, in the currency of the settings. */
  prices: Readonly<Record<string, number>>;
}

export interface CpuCost {
  /** Shared among the tools of a server by their time, never more than that time itself. */
  seconds: number;
  msPerCall: number;
}

/** What one tool cost over a range. */
export interface ToolCost {
  server: string;
  tool: string;
  calls: number;
  /** All calls together. */
  totalMs: number;
  meanMs: number;
  maxMs: number;
  /** Null where its server does not report its processor. */
  cpu: CpuCost | null;
  /** Null where results are not measured. */
  results: ResultCost | null;
}

/** The longest call, or the largest result, of a tool within a step; others of the same step are not known. */
export interface DearCall {
  server: string;
  tool: string;
  /** It ended within the step that begins here. */
  startMs: number;
  stepMs: number;
  /** `ms`, or estimated `tokens`. */
  unit: 'ms' | 'tokens';
  value: number;
}

/**
 * - `paging`: few results are larger than a page;
 * - `smaller_results`: most results are;
 * - `caching`: the tool is called often, and takes its time;
 * - `measure_results`: nobody knows how large its server's results are.
 */
export const SAVING_KINDS = ['paging', 'smaller_results', 'caching', 'measure_results'] as const;
export type SavingKind = (typeof SAVING_KINDS)[number];

/** What could be saved over a range like this one, and under which assumption. */
export interface Saving {
  kind: SavingKind;
  server: string;
  /** Empty: all of the server. */
  tool: string;
  /** Zero where it saves none. */
  tokens: number;
  prices: Readonly<Record<string, number>>;
  cpuSeconds: number;
  totalMs: number;
  /** What has to be so for the numbers to hold; one sentence. */
  assumption: string;
  /** What to do; one sentence. */
  action: string;
}

/** What the servers of a report need beyond their tools. */
export interface ServerCpu {
  server: string;
  /** Null where it is not reported. */
  totalSeconds: number | null;
  /** Of it, what no call can have used: while nothing was called, or more than calls took. */
  unsharedSeconds: number;
}

export interface CostReport {
  fromMs: number;
  toMs: number;
  currency: string;
  bytesPerToken: number;
  total: {
    calls: number;
    totalMs: number;
    /** Null where no server reports its processor. */
    cpuSeconds: number | null;
    tokens: number;
    prices: Readonly<Record<string, number>>;
    /** Share of calls whose result was measured, per cent; 0 without calls. */
    measuredPercent: number;
  };
  servers: ServerCpu[];
  /** Of every tool that was called: most tokens first, then most processor, then most time. */
  tools: ToolCost[];
  /** Ten at most of each unit, the dearest first. */
  dearestCalls: DearCall[];
  /** What saves most first. */
  savings: Saving[];
}
