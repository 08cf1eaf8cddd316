/** A server, or a tool of it, as a link to its page. */
import { addressOf, type Query } from '../route/route.ts';
import { Link } from './Link.tsx';
import { Name } from './Name.tsx';
import { ServerName } from './ServerName.tsx';

export function subjectAddress(server: string, tool: string, query: Query = {}): string {
  return tool === ''
    ? addressOf('server', { name: server, ...query })
    : addressOf('tool', { server, name: tool, ...query });
}

export function Subject({ server, tool }: { server: string; tool: string }) {
  if (server === '') return <span>the collector</span>;
  return (
    <Link href={subjectAddress(server, tool)} class="subject">
      {tool !== '' && (
        <>
          <Name text={tool} />
          <span class="soft"> of </span>
        </>
      )}
      <ServerName server={server} />
    </Link>
  );
}
