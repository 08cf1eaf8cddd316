/** Quick tools, many callers, room to spare. */
import { addTool, call, rush, type Story } from './story.ts';
import { between, wait } from './work.ts';

export const healthyFast: Story = {
  planted: undefined,
  plan(random) {
    const rate = between(15, 30, random);
    return {
      addTools(server, workbench) {
        for (const [name, ms] of [
          ['get_item', 2],
          ['find_item', 5],
          ['list_items', 9],
        ] as const) {
          addTool(server, name, async () => {
            await wait(ms, workbench.random);
            return name;
          });
        }
      },
      phases: rush(
        18,
        [call('get_item', rate), call('find_item', rate / 2), call('list_items', rate / 3)],
        [call('get_item', 3 * rate), call('find_item', 1.5 * rate), call('list_items', rate)],
      ),
    };
  },
};
