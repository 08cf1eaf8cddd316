/** Plans and policies as those see and change them who see one workspace only. */
import { VitalsError } from '../errors.ts';
import { nameWithin, workspaceOf } from '../model/workspace.ts';
import type { Optimizations } from '../serve/ports/optimizations.ts';
import { requireWithin } from './requireWithin.ts';

export function optimizationsWithin(whole: Optimizations, workspace: string): Optimizations {
  const isWithin = ({ server }: { server: string }) => workspaceOf(server) === workspace;
  const own = (server: string) => requireWithin(workspace, server);
  return {
    async plan({ server, ...request }) {
      const plans = await whole.plan({ ...request, server: server === undefined ? undefined : own(server) });
      return plans.filter(isWithin);
    },
    obstacle: whole.obstacle,
    async apply(plan, how) {
      if (isWithin(plan)) return whole.apply(plan, how);
      throw new VitalsError('forbidden', 'This plan is for a server of another workspace');
    },
    undo: async (server, by) => whole.undo(own(server), by),
    policies: () => whole.policies().filter(isWithin),
    history({ server, limit }) {
      const named = server === undefined ? undefined : own(server);
      return whole.history({ server: named, limit: Number.POSITIVE_INFINITY }).filter(isWithin).slice(0, limit);
    },
    instances(server) {
      const name = nameWithin(workspace, server);
      return name === undefined ? [] : whole.instances(name);
    },
  };
}
