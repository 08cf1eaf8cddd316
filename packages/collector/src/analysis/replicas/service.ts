/** How many instances servers need, as tools, routes and the dashboard ask for it. Implements `Replicas` of the serving side. */
import { type Clock, Steps } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import { knownServers } from '../../knownSubject.ts';
import type { Replicas } from '../../serve/ports/analyses.ts';
import type { Store } from '../../store/store.ts';
import type { ReplicaOptions } from './conclusion.ts';
import { readReplicaEvidence } from './evidence.ts';
import { recommendReplicas } from './recommend.ts';

/** What other analyses know of a server. */
export type Outlook = Pick<ReplicaOptions, 'growth' | 'waitsFor'>;

export interface ReplicasDeps {
  store: Pick<Store, 'listServers' | 'readRollups' | 'readResources'>;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'replicas'>;
  /** By server. @param server undefined: all */
  outlook?(server: string | undefined): Promise<ReadonlyMap<string, Outlook>>;
}

export function createReplicas({ store, clock, config, outlook }: ReplicasDeps): Replicas {
  const options = { targetUtilisation: config.replicas.targetPercent / 100 };
  return {
    async recommend(server) {
      const evidence = await readReplicaEvidence(store, await knownServers(store, server), clock.nowMs());
      const steps = new Steps();
      const first = await steps.map(evidence, (each) => recommendReplicas(each, options));
      // What the other analyses know takes time to find out, and does not help where the evidence is too little.
      if (outlook === undefined || first.every(({ verdict }) => verdict === 'not_enough_data')) return first;
      const known = await outlook(server);
      return steps.map(evidence, (each) => recommendReplicas(each, { ...options, ...known.get(each.server) }));
    },
  };
}
