/** The server is well. Whoever lists the orders asks for each of them too, one after the other. */
import { addTool, type Script, type Story } from './story.ts';
import { between, wait } from './work.ts';

export const nPlusOne: Story = {
  planted: 'n_plus_one',
  plan(random) {
    const orders = random.integer(8, 20);
    const scripts: Script[] = [
      {
        tools: ['list_orders', ...Array.from({ length: orders }, () => 'get_order')],
        perSecond: between(1.5, 2.5, random),
      },
      { tools: ['count_orders'], perSecond: 0.5 },
    ];
    return {
      addTools(server, workbench) {
        addTool(server, 'list_orders', async () => {
          await wait(8, workbench.random);
          return `${orders} orders`;
        });
        addTool(server, 'get_order', async () => {
          await wait(5, workbench.random);
          return 'an order';
        });
        addTool(server, 'count_orders', async () => {
          await wait(3, workbench.random);
          return String(orders);
        });
      },
      phases: [{ seconds: 18, scripts }],
    };
  },
};
