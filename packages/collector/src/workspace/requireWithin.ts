/** The door between workspaces: what is asked of another one is answered like what does not exist. */
import { VitalsError } from '../errors.ts';
import { nameWithin } from '../model/workspace.ts';

/** @returns what the server is called. @throws VitalsError `not_found` for one of another workspace */
export function requireWithin(workspace: string, server: string): string {
  const name = nameWithin(workspace, server);
  if (name !== undefined) return name;
  throw new VitalsError('not_found', `There is no such server in the workspace ${workspace}`, {
    hint: `Names of its servers may be given as they are, or as ${workspace}::name.`,
  });
}
