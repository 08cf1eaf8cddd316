/** Takes its time by nature, now more and now less, and the same all along. */
import { setTimeout as sleep } from 'node:timers/promises';
import { addTool, call, rush, type Story } from './story.ts';
import { between, lognormal, wait } from './work.ts';

export const healthySlow: Story = {
  planted: undefined,
  plan(random) {
    const medianMs = between(150, 300, random);
    const rate = between(6, 12, random);
    return {
      addTools(server, workbench) {
        addTool(server, 'plan_route', async () => {
          await sleep(lognormal(medianMs, 0.5, workbench.random));
          return 'a route';
        });
        addTool(server, 'get_place', async () => {
          await wait(8, workbench.random);
          return 'a place';
        });
      },
      phases: rush(
        18,
        [call('plan_route', rate), call('get_place', 5)],
        [call('plan_route', 3 * rate), call('get_place', 5)],
      ),
    };
  },
};
