/** The search engine behind the tool gets slow by itself, whatever the load is. */
import { addTool, call, type Story } from './story.ts';
import { between, wait } from './work.ts';

export const slowDependency: Story = {
  planted: 'slow_dependency',
  plan(random) {
    const calls = between(8, 20, random);
    return {
      addTools(server, workbench) {
        addTool(server, 'search', async () => {
          await workbench.askDependency();
          return 'found';
        });
        addTool(server, 'list_shelves', async () => {
          await wait(6, workbench.random);
          return 'three';
        });
      },
      dependency: {
        kind: 'slows_down',
        ms: between(10, 30, random),
        slowMs: between(250, 600, random),
        afterMs: between(5_000, 9_000, random),
      },
      // Twice as much and half as much, before and after.
      phases: [calls, 2 * calls, calls, 2 * calls, calls, calls / 2].map((perSecond) => ({
        seconds: 3,
        scripts: [call('search', perSecond), call('list_shelves', 10)],
      })),
    };
  },
};
