/** Bottlenecks, as tools and other analyses ask for them: servers one after the other, the thinking in another thread. */
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { VitalsError } from '../../errors.ts';
import { knownServers, knownTools } from '../../knownSubject.ts';
import type { Bottleneck, BottleneckAnalysis } from '../../model/bottleneck.ts';
import type { BottleneckRequest, Bottlenecks } from '../../serve/ports/analyses.ts';
import type { Recent } from '../../serve/ports/recent.ts';
import type { Store } from '../../store/store.ts';
import type { AnalysisThread } from '../workerThread.ts';
import { readEvidence } from './evidence/readEvidence.ts';
import { byWeight } from './explain.ts';

export interface BottlenecksDeps {
  store: Pick<Store, 'readMinutes' | 'readRollups' | 'readResources' | 'listServers' | 'listSeries'>;
  recent: Recent;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'retention'>;
  thread: Pick<AnalysisThread, 'run'>;
}

export function createBottlenecks({ store, recent, clock, config, thread }: BottlenecksDeps): Bottlenecks {
  const sources = { store, recent, minuteHours: config.retention.minuteHours };
  return {
    async analyze(request, { signal, onProgress } = {}) {
      const servers = await selectedServers(store, request);
      const analysis: BottleneckAnalysis = {
        fromMs: request.fromMs,
        toMs: Math.min(request.toMs, clock.nowMs()),
        findings: [],
        calls: 0,
        servers: [],
        notJudged: [],
      };
      if (analysis.fromMs >= analysis.toMs) throw inTheFuture();
      for (const [done, server] of servers.entries()) {
        signal?.throwIfAborted();
        onProgress?.({ progress: done, total: servers.length, message: 'Looking at servers' });
        const evidence = await readEvidence(sources, server, analysis, clock.nowMs());
        const { calls, findings, notJudged } = await thread.run('analyseServer', evidence);
        analysis.calls += calls;
        if (calls > 0) analysis.servers.push({ server, calls });
        analysis.findings.push(...findings);
        analysis.notJudged.push(...notJudged.map((reason) => ({ server, reason })));
      }
      analysis.findings = analysis.findings.filter((finding) => isAbout(finding, request.tool)).sort(byWeight);
      return analysis;
    },
  };
}

/** @throws VitalsError `not_found` */
async function selectedServers(
  store: Pick<Store, 'listServers' | 'listSeries'>,
  { server, tool }: BottleneckRequest,
): Promise<string[]> {
  const known = (await knownServers(store, server)).map(({ name }) => name);
  if (tool === undefined) return known;
  const series = await knownTools(store, tool, server);
  return [...new Set(series.map((one) => one.server))];
}

function inTheFuture(): VitalsError {
  return new VitalsError('invalid', 'The range begins in the future, where nothing was measured yet', {
    hint: 'Give a range that has begun; analyze_performance_trends forecasts.',
  });
}

/** What is about the server as a whole is about each of its tools. */
function isAbout({ tools }: Bottleneck, tool: string | undefined): boolean {
  return tool === undefined || tools.length === 0 || tools.includes(tool);
}
