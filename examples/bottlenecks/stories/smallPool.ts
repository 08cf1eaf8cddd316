/** The database could serve many, over a few connections. */
import { addTool, call, rush, type Story } from './story.ts';
import { between, wait } from './work.ts';

export const smallPool: Story = {
  planted: 'small_pool',
  plan(random) {
    const connections = random.integer(3, 6);
    const queryMs = between(50, 110, random);
    const perSecond = (1_000 * connections) / queryMs;
    return {
      addTools(server, workbench) {
        const query = workbench.pooledDependency(connections);
        addTool(server, 'query_orders', async () => {
          await query();
          return 'orders';
        });
        addTool(server, 'count_tables', async () => {
          await wait(5, workbench.random);
          return 'four';
        });
      },
      dependency: { kind: 'steady', ms: queryMs },
      phases: rush(
        18,
        [call('query_orders', 0.4 * perSecond), call('count_tables', 10)],
        [call('query_orders', 1.2 * perSecond), call('count_tables', 10)],
      ),
    };
  },
};
