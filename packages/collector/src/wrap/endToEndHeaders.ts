/** Which headers go on to the other side. Order, case and repetitions stay as they came. */

/** About one connection only, so each connection has its own. `keep-alive` is passed on: connections are mirrored. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * @param rawHeaders names and values in turn, as `IncomingMessage.rawHeaders`
 * @param dropped further names that stay behind, in lower case
 */
export function endToEndHeaders(rawHeaders: readonly string[], dropped: readonly string[] = []): string[] {
  const stays = new Set([...HOP_BY_HOP, ...dropped, ...namedByConnection(rawHeaders)]);
  const passed: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (!stays.has(name.toLowerCase())) passed.push(name, rawHeaders[at + 1]!);
  }
  return passed;
}

/** Whether the connection ends with this message. */
export function endsConnection(rawHeaders: readonly string[]): boolean {
  return namedByConnection(rawHeaders).includes('close');
}

function namedByConnection(rawHeaders: readonly string[]): string[] {
  const names: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]!.toLowerCase() !== 'connection') continue;
    for (const name of rawHeaders[at + 1]!.split(',')) names.push(name.trim().toLowerCase());
  }
  return names.filter((name) => name !== 'keep-alive');
}
