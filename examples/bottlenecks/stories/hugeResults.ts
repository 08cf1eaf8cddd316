/** A table is handed over whole where a page of it was wanted. */
import { addTool, call, type Story } from './story.ts';
import { between, wait } from './work.ts';

const BYTES_PER_ROW = 110;

export const hugeResults: Story = {
  planted: 'huge_results',
  plan(random) {
    const megabytes = between(0.8, 2, random);
    const rows = Math.round((megabytes * 1e6) / BYTES_PER_ROW);
    return {
      addTools(server, workbench) {
        const table = Array.from({ length: rows }, (_, id) => ({
          id,
          name: `customer number ${id}`,
          street: `${id} Long Street of the Old Town`,
          country: 'Portugal',
          note: '',
        }));
        addTool(server, 'export_table', () => JSON.stringify(table));
        addTool(server, 'get_customer', async () => {
          await wait(4, workbench.random);
          return JSON.stringify(table[0]);
        });
      },
      phases: [
        { seconds: 18, scripts: [call('export_table', between(4, 8, random) / megabytes), call('get_customer', 15)] },
      ],
    };
  },
};
