/** What the detector has learnt, by server and tool. */

import type { WatchState } from '../store.ts';
import type { Connection } from './db/connection.ts';

export class WatchStateTable {
  constructor(private readonly connection: Connection) {}

  save(states: readonly WatchState[]): void {
    if (states.length === 0) return;
    this.connection.transaction(() => {
      for (const { server, tool, snapshot } of states)
        this.connection.run('INSERT OR REPLACE INTO watch_state VALUES (?, ?, ?)', server, tool, snapshot);
    });
  }

  read(): WatchState[] {
    return this.connection.all('SELECT server, tool, snapshot FROM watch_state').map((row) => ({
      server: String(row.server),
      tool: String(row.tool),
      snapshot: row.snapshot as Uint8Array,
    }));
  }

  delete(subjects: readonly Pick<WatchState, 'server' | 'tool'>[]): void {
    if (subjects.length === 0) return;
    this.connection.transaction(() => {
      for (const { server, tool } of subjects)
        this.connection.run('DELETE FROM watch_state WHERE server = ? AND tool = ?', server, tool);
    });
  }
}
