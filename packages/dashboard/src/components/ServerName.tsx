/** A server, with the workspace that it belongs to beside its name where that is not the default one. */
import { splitServer } from '../format/serverName.ts';
import { Name } from './Name.tsx';

export function ServerName({ server }: { server: string }) {
  const { workspace, name } = splitServer(server);
  return (
    <>
      <Name text={name} />
      {workspace !== undefined && <span class="workspace soft">{workspace}</span>}
    </>
  );
}
