/**
 * Where the page is: its address says all of it, so that a copied link shows the same. Names stand in the query, because
 * they may hold anything.
 */
import { shownWorkspace } from '../api/workspace.ts';
import { Observable } from '../live/observable.ts';

export const PAGES = {
  overview: '/',
  server: '/server',
  tool: '/tool',
  alerts: '/alerts',
  analysis: '/analysis',
  thresholds: '/thresholds',
  objectives: '/objectives',
  reports: '/reports',
  settings: '/settings',
} as const;
export type PageName = keyof typeof PAGES;

export interface Route {
  page: PageName | undefined;
  query: URLSearchParams;
}

function read(): Route {
  const found = Object.entries(PAGES).find(([, path]) => path === location.pathname);
  return { page: found?.[0] as PageName | undefined, query: new URLSearchParams(location.search) };
}

export const route = new Observable<Route>(read());

addEventListener('popstate', () => {
  route.value = read();
});

export type Query = Record<string, string | undefined>;

/** Of a page about the workspace that is shown, unless `query` says another one. */
export function addressOf(page: PageName, query: Query = {}): string {
  const given = Object.entries({
    ...query,
    workspace: 'workspace' in query ? query.workspace : shownWorkspace(),
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const text = new URLSearchParams(given).toString();
  return PAGES[page] + (text === '' ? '' : `?${text}`);
}

export function go(address: string, how: 'push' | 'replace' = 'push'): void {
  const isSamePage = address.split('?', 1)[0] === location.pathname;
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  route.value = read();
  if (!isSamePage) scrollTo(0, 0);
}

/** Changes some parameters of the address and keeps the others. */
export function changeQuery(changes: Query, how: 'push' | 'replace' = 'push'): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  go(location.pathname + (text === '' ? '' : `?${text}`), how);
}
