/** What commands that write files for other programs need to know of the collector: from the one that runs, else from its settings. */
import { join } from 'node:path';
import { DEFAULT_THRESHOLDS } from '../alert/thresholds.ts';
import type { ConfigFlags } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { readDiscovery } from '../daemon/discovery.ts';
import { VitalsError } from '../errors.ts';
import type { ObjectiveStatus, Threshold } from '../model/alert.ts';
import type { ObjectiveInForce, RuleSettings } from '../provision/prometheus/rule.ts';
import { configOf } from './configOptions.ts';

export interface CollectorFacts {
  isRunning: boolean;
  dataDir: string;
  /** Where it listens. */
  url: string;
  /** Where people reach its page; undefined: where it listens. */
  publicUrl: string | undefined;
  rules: RuleSettings;
  /** Whether `/metrics` wants a token. */
  needsToken: boolean;
  /** Whether it tells an Alertmanager of its alerts itself. */
  tellsAlertmanager: boolean;
}

interface ShownSetting {
  path: string;
  value: unknown;
  isDefault: boolean;
}

/** @throws VitalsError what a collector that runs answers when it is no success */
export async function collectorFacts(flags: ConfigFlags): Promise<CollectorFacts> {
  const { config } = configOf(flags);
  try {
    return await factsOfRunning(config.dataDir);
  } catch (error) {
    if (error instanceof VitalsError && error.code === 'not_found') return factsOfConfig(config);
    throw error;
  }
}

async function factsOfRunning(dataDir: string): Promise<CollectorFacts> {
  const ask = (path: string) => askOwnCollector(dataDir, 'GET', path, { scope: 'read' });
  const [{ settings }, { thresholds }, { objectives }] = (await Promise.all([
    ask('/api/v1/settings'),
    ask('/api/v1/thresholds'),
    ask('/api/v1/objectives'),
  ])) as [{ settings: ShownSetting[] }, { thresholds: Threshold[] }, { objectives: ObjectiveStatus[] }];
  const setting = (path: string) => settings.find((each) => each.path === path);
  return {
    isRunning: true,
    dataDir,
    url: readDiscovery(dataDir)!.url,
    publicUrl: (setting('publicUrl')?.value as string | undefined) || undefined,
    rules: {
      thresholds,
      objectives,
      evaluationMinutes: setting('alerts.evaluationMinutes')!.value as number,
      minCalls: setting('alerts.minCalls')!.value as number,
    },
    needsToken: setting('prometheus.requireToken')?.value !== false,
    // What they are may be a secret, whether there are any is none.
    tellsAlertmanager: setting('alertmanager.urls')?.isDefault === false,
  };
}

function factsOfConfig(config: Config): CollectorFacts {
  const { evaluationMinutes, minCalls } = config.alerts;
  return {
    isRunning: false,
    dataDir: config.dataDir,
    url: `http://127.0.0.1:${config.port}`,
    publicUrl: undefined,
    rules: {
      thresholds: DEFAULT_THRESHOLDS,
      objectives: config.objectives.map(({ tool = '', ...rest }): ObjectiveInForce => ({ tool, ...rest })),
      evaluationMinutes,
      minCalls,
    },
    needsToken: true,
    tellsAlertmanager: false,
  };
}

export function tokenFile({ dataDir }: CollectorFacts, scope: 'read' | 'ingest'): string {
  return join(dataDir, 'tokens', scope);
}

/**
 * Where people reach the page.
 * @param given by a flag
 * @throws VitalsError `invalid`
 */
export function pageUrlOf(given: string | undefined, { publicUrl }: CollectorFacts, collectorUrl: URL): URL {
  return given === undefined ? urlOf('publicUrl', publicUrl ?? collectorUrl.href) : urlOf('--page', given);
}

/** @throws VitalsError `invalid` */
export function urlOf(option: string, given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search + url.hash !== '') {
    throw new VitalsError('invalid', `${option} ${given}: not an address`, { hint: 'E.g. http://127.0.0.1:9090' });
  }
  return url;
}
