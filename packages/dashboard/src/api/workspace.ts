/**
 * The workspace that the page is about: it stands in the address, so that a copied link shows the same. Everything that is asked of
 * the collector is asked of it, but what belongs to the whole collector.
 */

const PARAMETER = 'workspace';

/** Undefined: all that who looks may see. */
export function shownWorkspace(): string | undefined {
  return new URLSearchParams(location.search).get(PARAMETER) ?? undefined;
}

/** Addresses below which nothing belongs to a workspace. */
const OF_COLLECTOR = ['/settings', '/channels', '/forwarding', '/session', '/tokens', '/workspaces'];

/** An address of the API, asked of the workspace that is shown. */
export function withWorkspace(address: string): string {
  const workspace = shownWorkspace();
  const url = new URL(address, location.origin);
  const path = url.pathname.replace(/^\/api\/v1/, '');
  if (workspace === undefined || OF_COLLECTOR.some((start) => path.startsWith(start))) return address;
  url.searchParams.set(PARAMETER, workspace);
  return url.href;
}
