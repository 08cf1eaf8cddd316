/** The analysis dashboard, made once for all who look. Implements `AnalysisDashboards` of the serving side. */
import { LRUCache } from 'lru-cache';
import { Cached } from '../../cached.ts';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import type { AnalysisDashboard } from '../../model/analysisDashboard.ts';
import type { AnalysisDashboards } from '../../serve/ports/analyses.ts';
import { type BuildDeps, buildDashboard } from './build.ts';

export interface AnalysisDashboardsDeps extends BuildDeps {
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  config: Pick<Config, 'dashboard'>;
}

/** Different questions whose answers are kept. */
const MAX_KEPT = 32;

export interface AnalysisDashboardService extends AnalysisDashboards {
  /** For when alerts or thresholds have changed. */
  clearCache(): void;
}

export function createAnalysisDashboards({ config, ...deps }: AnalysisDashboardsDeps): AnalysisDashboardService {
  const cacheMs = config.dashboard.cacheSeconds * 1000;
  const kept = new LRUCache<string, Cached<AnalysisDashboard>>({ max: MAX_KEPT });
  return {
    build(request, maxAgeMs = cacheMs) {
      const { type, range, server, customMetrics, includePredictions, includeRecommendations } = request;
      const key = JSON.stringify([type, range, server, customMetrics, includePredictions, includeRecommendations]);
      let cached = kept.get(key);
      if (cached === undefined) {
        cached = new Cached(() => buildDashboard(deps, request), deps.clock);
        kept.set(key, cached);
      }
      return cached.get(Math.min(maxAgeMs, cacheMs));
    },
    clearCache: () => kept.clear(),
  };
}
