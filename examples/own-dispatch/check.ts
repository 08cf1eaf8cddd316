/** Calls the tools, one division by zero among them, and expects the collector to have counted just that. */
import { checkExample } from '../checkExample.ts';

await checkExample(new URL('./server.ts', import.meta.url), 'example-calculator', [
  { tool: 'add', arguments: { a: 1, b: 2 }, times: 4, errors: 0 },
  { tool: 'divide', arguments: { a: 1, b: 2 }, times: 2, errors: 0 },
  { tool: 'divide', arguments: { a: 1, b: 0 }, times: 1, errors: 1 },
]);
