/** What the page is about: a name, where it belongs, whether it runs. */
import { Link } from '../../components/Link.tsx';
import { Name } from '../../components/Name.tsx';
import { ServerName } from '../../components/ServerName.tsx';
import { HealthBadge } from '../../components/Status.tsx';
import { formatAgo } from '../../format/numbers.ts';
import { useObservable } from '../../live/observable.ts';
import { overview } from '../../live/stream.ts';
import { addressOf } from '../../route/route.ts';

export function SubjectHead({ server, tool }: { server: string; tool: string }) {
  const now = useObservable(overview);
  const info = now?.servers.find(({ name }) => name === server);
  return (
    <header class="subject-head">
      <nav aria-label="Where this is" class="soft">
        <Link href={addressOf('overview')}>Overview</Link>
        {tool !== '' && (
          <>
            {' / '}
            <Link href={addressOf('server', { name: server })}>
              <ServerName server={server} />
            </Link>
          </>
        )}
      </nav>
      <h1>
        {tool === '' ? <ServerName server={server} /> : <Name text={tool} />}
        {info && tool === '' && <HealthBadge status={info.status} score={info.healthScore} />}
      </h1>
      <p class="soft">
        {info
          ? `${info.version === '' ? 'no version' : `version ${info.version}`}, ${info.liveInstances} running, last seen ${formatAgo(info.lastSeenAt)}`
          : now
            ? 'Not seen yet.'
            : '\u00a0'}
      </p>
    </header>
  );
}
