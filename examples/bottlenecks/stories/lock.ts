/** Writers take turns: each holds the only lock while it waits for the disk. */
import { addTool, call, rush, type Story } from './story.ts';
import { between, wait } from './work.ts';

/** Runs one piece of work after the other. */
function createLock(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    last = last.then(work);
    return last;
  };
}

export const lock: Story = {
  planted: 'lock',
  plan(random) {
    const heldMs = between(15, 45, random);
    const perSecond = 1_000 / heldMs;
    return {
      addTools(server, workbench) {
        const alone = createLock();
        addTool(server, 'save_note', async () => {
          await alone(() => wait(heldMs, workbench.random));
          return 'saved';
        });
        addTool(server, 'read_note', async () => {
          await wait(5, workbench.random);
          return 'a note';
        });
      },
      phases: rush(
        18,
        [call('save_note', 0.35 * perSecond), call('read_note', 10)],
        [call('save_note', 1.15 * perSecond), call('read_note', 10)],
      ),
    };
  },
};
