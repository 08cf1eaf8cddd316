/** What workspaces there are: those of the servers that have reported. */
import { z } from 'zod';
import { groupBy } from '../../model/groupBy.ts';
import { workspaceOf } from '../../model/workspace.ts';
import { defineRoute } from './defineRoute.ts';

export const listWorkspaces = defineRoute({
  method: 'GET',
  path: '/workspaces',
  summary: 'Workspaces of the servers that have reported, by name',
  group: 'Workspaces',
  scope: 'read',
  answer: z.object({ workspaces: z.array(z.object({ workspace: z.string(), servers: z.number().int() })) }),
  async run(_input, { store }) {
    const byWorkspace = groupBy(await store.listServers(), ({ name }) => workspaceOf(name));
    const workspaces = [...byWorkspace].map(([workspace, servers]) => ({ workspace, servers: servers.length }));
    return { workspaces: workspaces.sort((a, b) => (a.workspace < b.workspace ? -1 : 1)) };
  },
});
