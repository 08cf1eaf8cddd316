/** Calls each tool, one of them failing, and expects the collector to have counted just that. */
import { checkExample } from '../checkExample.ts';

await checkExample(new URL('./server.ts', import.meta.url), 'example-weather', [
  { tool: 'current_weather', arguments: { city: 'Oslo' }, times: 6, errors: 0 },
  { tool: 'current_weather', arguments: { city: 'Atlantis' }, times: 1, errors: 1 },
  { tool: 'forecast', arguments: { city: 'Quito', days: 3 }, times: 2, errors: 0 },
]);
