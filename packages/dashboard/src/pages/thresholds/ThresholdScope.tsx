/** What a threshold or a rule applies to. */
import type { Threshold } from '../../api/client.ts';
import { Name } from '../../components/Name.tsx';
import { ServerName } from '../../components/ServerName.tsx';
import { splitServer } from '../../format/serverName.ts';

export function ThresholdScope({ server, tool }: Pick<Threshold, 'server' | 'tool'>) {
  if (server === '' && tool === '') return <b>everything</b>;
  const { workspace, name } = splitServer(server);
  const isWorkspace = workspace !== undefined && name === '*';
  if (isWorkspace && tool === '') return <b>everything in {workspace}</b>;
  return (
    <span>
      {tool !== '' && <Name text={tool} />}
      {server === '' || isWorkspace ? (
        <span class="soft"> on any server{isWorkspace && ` in ${workspace}`}</span>
      ) : tool === '' ? (
        <ServerName server={server} />
      ) : (
        <span>
          {' '}
          of <ServerName server={server} />
        </span>
      )}
    </span>
  );
}
