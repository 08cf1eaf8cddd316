/** Protection from DNS rebinding, as the collector has it: a page whose name was made to point here is known by that name. */

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a request came by a name that is ours, and from no page of somebody else's. */
export function isAllowedHost(
  host: string | undefined,
  origin: string | undefined,
  allowedHosts: readonly string[],
): boolean {
  const isOurs = (name: string | undefined) =>
    name !== undefined && (LOOPBACK_NAMES.includes(name) || allowedHosts.includes(name));
  if (!isOurs(/^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase())) return false;
  return origin === undefined || isOurs(URL.canParse(origin) ? new URL(origin).hostname : undefined);
}
