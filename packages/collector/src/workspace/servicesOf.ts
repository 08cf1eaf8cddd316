/** Services by workspace, made when somebody asks for them. */
import { LRUCache } from 'lru-cache';
import type { Services, ServicesOf } from '../serve/ports/services.ts';
import { type AnswersOver, servicesWithin } from './servicesWithin.ts';

/** Whoever is not limited may name any workspace, and each remembers answers. */
const MAX_WORKSPACES = 100;

export interface ServicesByWorkspace {
  servicesOf: ServicesOf;
  /** For when what was answered may have changed. */
  forgetAnswers(): void;
}

export function createServicesOf(whole: Services, answersOver: AnswersOver): ServicesByWorkspace {
  const narrowed = new LRUCache<string, Services>({
    max: MAX_WORKSPACES,
    memoMethod: (workspace) => servicesWithin(whole, workspace, answersOver),
  });
  return {
    servicesOf: (workspace) => (workspace === undefined ? whole : narrowed.memo(workspace)),
    forgetAnswers: () => narrowed.clear(),
  };
}
