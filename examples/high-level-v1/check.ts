/** Calls each tool, one of them failing, and expects the collector to have counted just that. */
import { checkExample } from '../checkExample.ts';

await checkExample(new URL('./server.ts', import.meta.url), 'example-shop', [
  { tool: 'search_products', arguments: { query: 'a' }, times: 5, errors: 0 },
  { tool: 'get_product', arguments: { name: 'desk' }, times: 3, errors: 0 },
  { tool: 'get_product', arguments: { name: 'piano' }, times: 2, errors: 2 },
  { tool: 'quote_shipping', arguments: { name: 'rug', country: 'PT' }, times: 1, errors: 0 },
  { tool: 'reserve_stock', arguments: { name: 'mirror' }, times: 4, errors: 4 },
]);
