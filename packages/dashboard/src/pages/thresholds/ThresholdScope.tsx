/** What a threshold applies to. */
import type { Threshold } from '../../api/client.ts';
import { Name } from '../../components/Name.tsx';

export function ThresholdScope({ server, tool }: Pick<Threshold, 'server' | 'tool'>) {
  if (server === '' && tool === '') return <b>everything</b>;
  return (
    <span>
      {tool !== '' && <Name text={tool} />}
      {server === '' ? (
        <span class="soft"> on any server</span>
      ) : tool === '' ? (
        <Name text={server} />
      ) : (
        <span>
          {' '}
          of <Name text={server} />
        </span>
      )}
    </span>
  );
}
