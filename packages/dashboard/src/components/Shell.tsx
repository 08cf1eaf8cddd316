/** What surrounds every page: where one can go, whether the collector is there, search, theme, help. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { formatAgo } from '../format/numbers.ts';
import { useObservable } from '../live/observable.ts';
import { session } from '../live/session.ts';
import { connection, overview } from '../live/stream.ts';
import { theme, toggleTheme } from '../live/theme.ts';
import { addressOf, type PageName, route } from '../route/route.ts';
import { Help } from './Help.tsx';
import { Link } from './Link.tsx';
import { Search } from './Search.tsx';
import { useKeys } from './useKeys.ts';
import { WorkspaceSwitch } from './WorkspaceSwitch.tsx';

export const NAVIGATION: readonly [PageName, string][] = [
  ['overview', 'Overview'],
  ['alerts', 'Alerts'],
  ['analysis', 'Analysis'],
  ['thresholds', 'Thresholds'],
  ['objectives', 'Objectives'],
  ['reports', 'Reports'],
  ['settings', 'Settings'],
];

export function Shell({ children }: { children: ComponentChildren }) {
  const [open, setOpen] = useState<'search' | 'help'>();
  const { page } = useObservable(route);
  const firing = useObservable(overview)?.firingAlerts ?? 0;
  const shownTheme = useObservable(theme);
  const now = useObservable(session);
  // Settings are those of the whole collector.
  const seesAll = now.state === 'signed_in' && now.workspace === null;
  useKeys({ search: () => setOpen('search'), help: () => setOpen('help') });
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="bar">
        <Link href={addressOf('overview')} class="brand">
          mcp-vitals
        </Link>
        <nav aria-label="Pages">
          {NAVIGATION.filter(([name]) => name !== 'settings' || seesAll).map(([name, title]) => (
            <Link key={name} href={addressOf(name)} {...(name === page && { 'aria-current': 'page' })}>
              {title}
              {name === 'alerts' && firing > 0 && <span class="count">{firing}</span>}
            </Link>
          ))}
        </nav>
        <span class="bar-end">
          <Connection />
          <WorkspaceSwitch />
          <button type="button" class="button" onClick={() => setOpen('search')} title="Search (/)">
            Search
          </button>
          <button type="button" class="button" onClick={toggleTheme} title="Light or dark (t)">
            {shownTheme === 'dark' ? 'Light' : 'Dark'}
          </button>
          <button type="button" class="button" onClick={() => setOpen('help')} aria-label="Help" title="Help (?)">
            ?
          </button>
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      {open === 'search' && <Search onClose={() => setOpen(undefined)} />}
      {open === 'help' && <Help onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Connection() {
  const state = useObservable(connection);
  const at = useObservable(overview)?.at;
  // The same room for both, so that nothing moves when the first word arrives.
  if (state !== 'lost')
    return (
      <span class={`connection connection-${state}`} role="status">
        {state === 'live' ? 'Live' : <span class="hidden-visually">Connecting</span>}
      </span>
    );
  return (
    <span class="connection connection-lost" role="status">
      {`No collector${at === undefined ? '' : `; figures are from ${formatAgo(at)}`}. Trying again…`}
    </span>
  );
}
