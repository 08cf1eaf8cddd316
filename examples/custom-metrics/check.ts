/** Calls the tools and expects the collector to know what they measured themselves. */
import { checkExample } from '../checkExample.ts';

await checkExample(
  new URL('./server.ts', import.meta.url),
  'example-library',
  [
    { tool: 'find_book', arguments: { title: 'Dune' }, times: 3, errors: 0 },
    { tool: 'find_book', arguments: { title: 'Emma' }, times: 1, errors: 0 },
    { tool: 'lend_book', arguments: { title: 'Dune' }, times: 1, errors: 0 },
    { tool: 'lend_book', arguments: { title: 'Emma' }, times: 1, errors: 0 },
  ],
  [
    { kind: 'counter', name: 'cache_hits{cache="books"}', aggregation: 'sum', value: 4 },
    { kind: 'counter', name: 'cache_misses{cache="books"}', aggregation: 'sum', value: 2 },
    { kind: 'custom', name: 'database_query{query_type="select"}', aggregation: 'count', value: 2 },
    { kind: 'counter', name: 'books_lent', aggregation: 'sum', value: 2 },
    { kind: 'gauge', name: 'books_out', aggregation: 'max', value: 2 },
  ],
);
