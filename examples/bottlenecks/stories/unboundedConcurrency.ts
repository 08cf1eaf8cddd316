/** Each call asks several things at once of a service that gets slower the more it is asked. */
import { addTool, call, rush, type Story } from './story.ts';
import { between, wait } from './work.ts';

const QUESTIONS = 3;

export const unboundedConcurrency: Story = {
  planted: 'unbounded_concurrency',
  plan(random) {
    const ms = between(20, 40, random);
    const comfortable = random.integer(10, 18);
    // With n questions under way it answers n / (ms (1 + (n / comfortable)²)) of them: most at n = comfortable.
    const perSecond = (1_000 * comfortable) / (2 * ms) / QUESTIONS;
    return {
      addTools(server, workbench) {
        addTool(server, 'summarise', async () => {
          await Promise.all(Array.from({ length: QUESTIONS }, () => workbench.askDependency()));
          return 'in short';
        });
        addTool(server, 'list_texts', async () => {
          await wait(5, workbench.random);
          return 'two';
        });
      },
      dependency: { kind: 'thrashing', ms, comfortable },
      phases: rush(
        18,
        [call('summarise', 0.35 * perSecond), call('list_texts', 10)],
        [call('summarise', 1.15 * perSecond), call('list_texts', 10)],
      ),
    };
  },
};
