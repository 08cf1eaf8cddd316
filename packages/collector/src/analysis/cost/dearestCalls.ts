/** Single calls that cost the most: of each tool and step the longest call and the largest result are known, and no others. */
import type { DearCall } from '../../model/cost.ts';
import type { ServerEvidence } from './evidence.ts';
import { type CostConfig, tokensOf } from './prices.ts';

/** Of each unit. */
const SHOWN = 10;

/** Of one server: ten by time and ten by tokens at most. */
export function dearestCallsOf(evidence: ServerEvidence, config: CostConfig): DearCall[] {
  const { server, stepMs, requests, sizeSteps } = evidence;
  const longest = requests
    .filter(({ isTool }) => isTool)
    .map(({ name, startMs, maxMs }): DearCall => ({ server, tool: name, startMs, stepMs, unit: 'ms', value: maxMs }));
  const largest = sizeSteps.map(
    ({ name, startMs, maxBytes }): DearCall => ({
      ...{ server, tool: name, startMs, stepMs },
      unit: 'tokens',
      value: tokensOf(maxBytes, config),
    }),
  );
  return dearest([...longest, ...largest]);
}

/** The ten of each unit, tokens before time, the dearest first. */
export function dearest(calls: readonly DearCall[]): DearCall[] {
  return (['tokens', 'ms'] as const).flatMap((unit) =>
    calls
      .filter((call) => call.unit === unit)
      .sort((a, b) => b.value - a.value)
      .slice(0, SHOWN),
  );
}
