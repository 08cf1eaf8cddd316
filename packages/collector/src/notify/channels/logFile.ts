/** A file that grows by a line for each notification, for `tail -f` and for desktops that watch one. */
import { appendFile } from 'node:fs/promises';
import { plainText } from '../content.ts';
import type { Channel } from './channel.ts';

export function logFile(path: string, nowMs: () => number): Channel {
  return {
    async send({ id }, content) {
      const line = { time: new Date(nowMs()).toISOString(), id, severity: content.severity, text: plainText(content) };
      await appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    },
  };
}
