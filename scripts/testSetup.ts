/** Runs in every test worker: `npm run test:full` tries each property with ten times as many inputs. */
import fc from 'fast-check';

if (process.env.MCP_VITALS_TEST_FULL === '1') fc.configureGlobal({ numRuns: 1000 });
