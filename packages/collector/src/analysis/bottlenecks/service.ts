/** Bottlenecks, as tools and other analyses ask for them: servers one after the other, the thinking in another thread. */
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { VitalsError } from '../../errors.ts';
import type { Bottleneck, BottleneckAnalysis, BottleneckCause } from '../../model/bottleneck.ts';
import { groupBy } from '../../model/groupBy.ts';
import type { BottleneckRequest, Bottlenecks, Recent } from '../../serve/services.ts';
import type { Store } from '../../store/store.ts';
import type { AnalysisThread } from '../workerThread.ts';
import { readEvidence } from './evidence/readEvidence.ts';
import type { Sight } from './evidence/sight.ts';
import { byWeight } from './explain.ts';
import { MIN_CALLS, notJudged } from './notJudged.ts';
import { sum } from './picture/numbers.ts';

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
        const { recent: sights, stored } = await readEvidence(sources, server, analysis, clock.nowMs());
        const all = stored === undefined ? sights : [...sights, stored];
        const calls = callsOf(all);
        analysis.calls += calls;
        if (calls > 0) analysis.servers.push({ server, calls });
        if (calls > 0) analysis.notJudged.push(...notJudged(all).map((reason) => ({ server, reason })));
        if (calls < MIN_CALLS) continue;
        const found = [
          await thread.run('findBottlenecks', sights),
          await thread.run('findBottlenecks', stored ? [stored] : []),
        ];
        analysis.findings.push(...distinct(found.flat()));
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
  const known = (await store.listServers()).map(({ name }) => name);
  if (server !== undefined && !known.includes(server)) {
    throw new VitalsError('not_found', 'No server of this name has reported', {
      hint: known.length === 0 ? 'No server has reported yet.' : 'get_performance_dashboard lists those that have.',
    });
  }
  if (tool === undefined) return server === undefined ? known : [server];
  const series = await store.listSeries({ server, name: tool, kinds: ['tool'] });
  if (series.length === 0) {
    throw new VitalsError('not_found', 'No tool of this name was called', {
      hint: 'get_metrics lists those that were.',
    });
  }
  return [...new Set(series.map((one) => one.server))];
}

function inTheFuture(): VitalsError {
  return new VitalsError('invalid', 'The range begins in the future, where nothing was measured yet', {
    hint: 'Give a range that has begun; analyze_performance_trends forecasts.',
  });
}

function callsOf(sights: readonly Sight[]): number {
  return sum(sights.flatMap(({ tools }) => tools.map(({ calls }) => sum(calls))));
}

/** The state of the whole process; further tools that show it are no finding of their own. */
const OF_PROCESS: readonly BottleneckCause[] = ['cpu_bound', 'noisy_neighbour', 'memory_leak'];

/** What both seconds and rows show, once: as the seconds do, which see more. */
function distinct(findings: readonly Bottleneck[]): Bottleneck[] {
  const same = groupBy(findings, ({ cause, tools }) =>
    OF_PROCESS.includes(cause) ? cause : `${cause}\0${tools[0] ?? ''}`,
  );
  return [...same.values()].map(([first]) => first!);
}

/** What is about the server as a whole is about each of its tools. */
function isAbout({ tools }: Bottleneck, tool: string | undefined): boolean {
  return tool === undefined || tools.length === 0 || tools.includes(tool);
}
