/** Runs in every test worker: `npm run test:full` tries each property with many times as many inputs, and kills more often. */
import fc from 'fast-check';
import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What tests multiply their number of inputs or rounds by: 1, and more in `npm run test:full`. */
    thoroughness: number;
  }
}

fc.configureGlobal({ numRuns: 100 * inject('thoroughness') });
