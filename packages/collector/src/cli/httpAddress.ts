/** An address of an MCP server, as it was typed. */
import { VitalsError } from '../errors.ts';

/**
 * @param option that it was given by
 * @throws VitalsError `invalid` unless it is one of HTTP, without user name and password
 */
export function httpAddress(option: string, typed: string): URL {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new VitalsError('invalid', `${option} needs the address of an MCP server`, {
      hint: `E.g. ${option} http://127.0.0.1:3000/mcp`,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new VitalsError('invalid', `${option} takes no user name and password`, {
      hint: 'They go into a header.',
    });
  }
  return url;
}
