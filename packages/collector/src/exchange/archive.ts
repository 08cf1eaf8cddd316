/** The archive: rows that retention is about to delete, appended to a tree in the data directory. */
import { join } from 'node:path';
import type { ArchiveRows } from '../store/store.ts';
import { exportLevel } from './exportTree.ts';

export function createArchive(dataDir: string): ArchiveRows {
  const root = join(dataDir, 'archive');
  return (store, level, range) => exportLevel(store, root, level, range);
}
