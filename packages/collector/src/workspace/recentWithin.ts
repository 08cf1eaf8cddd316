/** The newest minutes as those see them who see one workspace only. */
import { nameWithin, workspaceOf } from '../model/workspace.ts';
import type { Recent } from '../serve/ports/recent.ts';

export function recentWithin(whole: Recent, workspace: string): Recent {
  const isWithin = ({ server }: { server: string }) => workspaceOf(server) === workspace;
  /** `null` for a server of another workspace. */
  const own = (server: string | undefined) =>
    server === undefined ? undefined : (nameWithin(workspace, server) ?? null);
  return {
    windows(range, filter) {
      const server = own(filter.server);
      return server === null ? [] : whole.windows(range, { ...filter, server }).filter(isWithin);
    },
    resources(range, server) {
      const name = own(server);
      return name === null ? [] : whole.resources(range, name).filter(isWithin);
    },
    instances(server) {
      const name = own(server);
      return name === null ? [] : whole.instances(name).filter(isWithin);
    },
    keptFromMs: whole.keptFromMs,
  };
}
