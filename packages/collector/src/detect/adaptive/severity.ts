/** How bad an incident is: what is certain is not yet what matters to a person. */
import type { AnomalySeverity } from '../../model/anomaly.ts';
import type { ResourceRollup } from '../../model/rollup.ts';
import type { Sighting } from './watchedTool.ts';

/** The specification's target for response times, its critical level, and the least that is worth a word, milliseconds. */
const RESPONSE_MS = { fine: 100, bad: 1_000 } as const;
/** A tool that takes half as long again is slow; twice as long, and more than a second, is an outage to who waits. */
const SLOWER = { warning: 1.5, critical: 2 } as const;
/** The specification's levels, per cent of calls. */
const ERROR_PERCENT = { fine: 1, bad: 5 } as const;
/** The specification's levels, per cent of the limit. */
const MEMORY_PERCENT = { warning: 75, critical: 90 } as const;
/** A quarter above the record is a leak that matters, however far the limit is. */
const MEMORY_ABOVE_RECORD = 1.25;

export function severityOfSighting({ type, reading }: Sighting, use: ResourceRollup | undefined): AnomalySeverity {
  const { value, low, high } = reading;
  switch (type) {
    case 'response_time_spike': {
      const factor = value / Math.sqrt(low * high);
      if (value < RESPONSE_MS.fine || factor < SLOWER.warning) return 'info';
      return value > RESPONSE_MS.bad && factor >= SLOWER.critical ? 'critical' : 'warning';
    }
    case 'error_rate_spike':
      if (value < ERROR_PERCENT.fine) return 'info';
      return value > ERROR_PERCENT.bad ? 'critical' : 'warning';
    case 'memory_growth': {
      const percent = use?.memoryPercentAvg ?? 0;
      if (percent >= MEMORY_PERCENT.critical) return 'critical';
      return percent >= MEMORY_PERCENT.warning || value > high * MEMORY_ABOVE_RECORD ? 'warning' : 'info';
    }
    case 'metric_change':
      return 'info';
    default:
      return 'warning';
  }
}
