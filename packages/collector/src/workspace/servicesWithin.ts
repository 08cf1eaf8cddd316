/**
 * What a caller has who sees one workspace only: the same ports, each narrowed. A port that is not named here is refused as a
 * whole: who adds one has decided nothing, and shows nothing.
 */
import type { Config } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import { everyServerOf, isPatternWithin, workspaceOf } from '../model/workspace.ts';
import type { Audit } from '../serve/ports/audit.ts';
import type { Services } from '../serve/ports/services.ts';
import { alertsWithin } from './alertsWithin.ts';
import { optimizationsWithin } from './optimizationsWithin.ts';
import { recentWithin } from './recentWithin.ts';
import { requireWithin } from './requireWithin.ts';
import { storeWithin } from './storeWithin.ts';

/** Ports that have no more than these: over those of a workspace they are narrow by themselves. */
export interface Sources extends Pick<Services, 'store' | 'alerts' | 'audit' | 'recent' | 'optimizations'> {
  benchmarks: Pick<Services['benchmarks'], 'latest'>;
}
export type Answers = Pick<
  Services,
  | 'detection'
  | 'reports'
  | 'views'
  | 'trends'
  | 'bottlenecks'
  | 'monitors'
  | 'costs'
  | 'replicas'
  | 'analysisDashboards'
>;
export type AnswersOver = (sources: Sources) => Answers;

export function servicesWithin(whole: Services, workspace: string, answersOver: AnswersOver): Services {
  const store = storeWithin(whole.store, workspace);
  const sources: Sources = {
    store,
    alerts: alertsWithin(whole.alerts, store, workspace),
    audit: auditWithin(whole.audit, workspace),
    recent: recentWithin(whole.recent, workspace),
    optimizations: optimizationsWithin(whole.optimizations, workspace),
    // Their targets are of the settings, and belong to no workspace.
    benchmarks: { latest: async () => [] },
  };
  const { benchmarks: _, ...ports } = sources;
  const narrowed: Partial<Services> = {
    clock: whole.clock,
    config: configWithin(whole.config, workspace),
    ...ports,
    ...answersOver(sources),
    printer: whole.printer,
    track: async (call) => whole.track({ ...call, server: requireWithin(workspace, call.server) }),
  };
  const refused = Object.keys(whole)
    .filter((port) => !Object.hasOwn(narrowed, port))
    .map((port) => [port, refusedPort(workspace)]);
  return { ...Object.fromEntries(refused), ...narrowed } as Services;
}

/** Limits and defaults of what tools do, without what is said of servers elsewhere. For people there is the port `settings`. */
function configWithin(config: Config, workspace: string): Config {
  const isOwn = ({ server }: { server: string }) => isPatternWithin(workspace, server);
  return {
    ...config,
    environments: {},
    objectives: config.objectives.filter(isOwn),
    alerts: { ...config.alerts, rules: config.alerts.rules.filter(isOwn) },
    notifications: { ...config.notifications, channels: {}, routes: [], reportChannels: [] },
  };
}

function auditWithin(whole: Audit, workspace: string): Audit {
  return {
    record: (change) =>
      whole.record({
        ...change,
        server: change.server === '' ? everyServerOf(workspace) : requireWithin(workspace, change.server),
      }),
    async entries({ server, limit, ...filter }) {
      const own = server === undefined ? undefined : requireWithin(workspace, server);
      const entries = await whole.entries({ ...filter, server: own, limit: Number.POSITIVE_INFINITY });
      return entries.filter((entry) => entry.server !== '' && workspaceOf(entry.server) === workspace).slice(0, limit);
    },
  };
}

/** Whatever is done with it is refused, for the caller to read. */
function refusedPort(workspace: string): unknown {
  const refuse = (): never => {
    throw new VitalsError(
      'forbidden',
      `This belongs to the whole collector, and you see the workspace ${workspace} only`,
      {
        hint: 'Somebody with a token that is not limited can do it.',
      },
    );
  };
  return new Proxy(refuse, { get: refuse, apply: refuse });
}
