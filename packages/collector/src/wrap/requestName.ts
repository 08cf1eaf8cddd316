/** Which series a request belongs to, by what can be seen of it on the wire. */
import type { CallKind } from '@mcp-vitals/sdk';
import type { MessageHead } from './messageHead.ts';

/** Where requests are counted that name nothing. */
const UNNAMED = '__unnamed__';

export interface RequestName {
  kind: CallKind;
  name: string;
}

export function nameOfRequest({ method = UNNAMED, name = UNNAMED, uriScheme = UNNAMED }: MessageHead): RequestName {
  switch (method) {
    case 'tools/call':
      return { kind: 'tool', name };
    case 'prompts/get':
      return { kind: 'prompt', name };
    case 'resources/read':
      return { kind: 'resource', name: uriScheme };
    default:
      return { kind: 'method', name: method };
  }
}
