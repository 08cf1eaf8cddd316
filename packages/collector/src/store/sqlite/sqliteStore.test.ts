import { describeStoreContract } from '../store.contract.ts';
import { openSqliteStore } from './sqliteStore.ts';

// Without ballast: writing 16 MB for each of some hundred stores would be most of the suite's time.
describeStoreContract('SQLite', (options) => openSqliteStore({ ...options, ballastBytes: 0 }));
