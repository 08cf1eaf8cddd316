import { realpathSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import { type Collector, startCollector, temporaryDataDir } from '../../e2e/support/collector.ts';

export interface Home {
  /** An empty home directory; another one for each test. */
  path: string;
  /** Starts a collector that ends with the test. */
  startCollector(dataDir: string): Promise<Collector>;
}

/** A user of its own for each test of the file. */
export function useHome(): Home {
  let remove: () => void;
  let collector: Collector | undefined;
  const home: Home = {
    path: '',
    async startCollector(dataDir) {
      collector = await startCollector(dataDir, ['--data-dir', dataDir]);
      return collector;
    },
  };
  beforeEach(() => {
    const made = temporaryDataDir();
    remove = made.remove;
    home.path = realpathSync(made.dataDir);
  });
  afterEach(async () => {
    await collector?.stop();
    collector = undefined;
    remove();
  });
  return home;
}
