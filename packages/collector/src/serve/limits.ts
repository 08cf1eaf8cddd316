/** The limits of tool calls: reporting a metric and everything else are counted apart, each per client. */
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import { RateLimiter } from './rateLimit.ts';
import type { Limits } from './toolCall.ts';

export function createLimits({ limits }: Pick<Config, 'limits'>, clock: Pick<Clock, 'monotonicMs'>): Limits {
  const limiters = {
    query: new RateLimiter('queries', limits.queriesPerMinute, clock),
    metric: new RateLimiter('metrics', limits.metricsPerMinute, clock),
  };
  return { take: (kind, client) => limiters[kind].take(client) };
}
