/** Two sides compared, tool by tool: environments, or versions of a server. */

export interface Comparison {
  from: string;
  to: string;
  tools: ToolComparison[];
  /** Whether any tool is worse. */
  isWorse: boolean;
}

/** `worse`: by more than chance and the tolerance; `unknown`: too few calls on a side to tell. */
export type ComparisonVerdict = 'same' | 'better' | 'worse' | 'unknown';

export interface ToolComparison {
  tool: string;
  calls: [from: number, to: number];
  p50Ms: Compared;
  p95Ms: Compared;
  errorPercent: Compared;
}

export interface Compared {
  /** Null without calls. */
  from: number | null;
  to: number | null;
  verdict: ComparisonVerdict;
}
