/** Protection from DNS rebinding: a page of somebody else's that had its name point here is recognised by that name. */
import { VitalsError } from './errors.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** The host of a Host header, lower case and without its port; undefined where it cannot be one. */
function hostnameOf(authority: string): string | undefined {
  return /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.exec(authority)?.[1]?.toLowerCase();
}

/**
 * Refuses requests that came by a name that is not ours.
 * @param host the Host header
 * @param origin the Origin header; only browsers send one
 * @param hint what to do where the name is meant to be served
 * @throws VitalsError `forbidden`
 */
export function checkHost(
  host: string | undefined,
  origin: string | undefined,
  allowedHosts: readonly string[],
  hint = 'Add the name to the setting allowedHosts if it is meant to reach this collector.',
): void {
  const allowed = (name: string | undefined) =>
    name !== undefined && (LOOPBACK_NAMES.includes(name) || allowedHosts.includes(name));
  if (!allowed(hostnameOf(host ?? ''))) throw new VitalsError('forbidden', 'This Host is not served here', { hint });
  if (origin === undefined) return;
  if (!allowed(URL.canParse(origin) ? new URL(origin).hostname : undefined)) {
    throw new VitalsError('forbidden', 'This Origin is not allowed', { hint });
  }
}
