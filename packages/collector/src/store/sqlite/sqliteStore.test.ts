import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStoreContract, type Place } from '../store.contract.ts';
import { openSqliteStore } from './sqliteStore.ts';

function newPlace(): Place {
  let dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-store-'));
  return {
    // Without ballast: writing 16 MB for each of some hundred stores would be most of the suite's time.
    open: (config, clock) => openSqliteStore({ dataDir, config, clock, ballastBytes: 0 }),
    /** Goes on with a copy of the files as they are at this moment, which is all that a killed process leaves behind. */
    async crash(store) {
      const left = dataDir;
      dataDir = mkdtempSync(join(tmpdir(), 'mcp-vitals-store-'));
      cpSync(left, dataDir, { recursive: true });
      await store.close();
      rmSync(left, { recursive: true, force: true });
    },
    async remove() {
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

describeStoreContract('SQLite', { newPlace: async () => newPlace(), rankTolerance: 0, sumTolerance: 0 });
