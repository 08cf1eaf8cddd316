/** How many instances servers need, as tools, routes and the dashboard ask for it. Implements `Replicas` of the serving side. */
import { type Clock, nextTurn } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import type { ReplicaAdvice } from '../../model/replicas.ts';
import type { Replicas } from '../../serve/services.ts';
import type { Store } from '../../store/store.ts';
import { knownServers } from '../knownServers.ts';
import type { ReplicaOptions } from './conclusion.ts';
import { readReplicaEvidence } from './evidence.ts';
import { recommendReplicas } from './recommend.ts';

export interface ReplicasDeps {
  store: Pick<Store, 'listServers' | 'readRollups' | 'readResources'>;
  clock: Pick<Clock, 'nowMs'>;
  config: Pick<Config, 'replicas'>;
  /** What other analyses know of a server. */
  outlook?(server: string): Promise<Pick<ReplicaOptions, 'growth' | 'waitsFor'>>;
}

export function createReplicas({ store, clock, config, outlook }: ReplicasDeps): Replicas {
  const targetUtilisation = config.replicas.targetPercent / 100;
  return {
    async recommend(server) {
      const advice: ReplicaAdvice[] = [];
      for (const info of await knownServers(store, server)) {
        const evidence = await readReplicaEvidence(store, info, clock.nowMs());
        const first = recommendReplicas(evidence, { targetUtilisation });
        // What the other analyses know takes time to find out, and does not help where the evidence is too little.
        const isOpen = first.verdict !== 'not_enough_data' && outlook !== undefined;
        const more = isOpen ? await outlook(info.name) : undefined;
        advice.push(more === undefined ? first : recommendReplicas(evidence, { targetUtilisation, ...more }));
        await nextTurn();
      }
      return advice;
    },
  };
}
