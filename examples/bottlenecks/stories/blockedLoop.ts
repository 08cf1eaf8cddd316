/** A report is written in one piece, now and then; meanwhile nobody else is served. */
import { addTool, call, type Story } from './story.ts';
import { between, useProcessor, wait } from './work.ts';

export const blockedLoop: Story = {
  planted: 'blocked_event_loop',
  plan(random) {
    const blockMs = between(200, 450, random);
    const reports = between(0.6, 0.9, random);
    return {
      addTools(server, workbench) {
        addTool(server, 'write_report', () => {
          useProcessor(blockMs);
          return 'written';
        });
        addTool(server, 'look_up', async () => {
          await wait(6, workbench.random);
          return 'found';
        });
        addTool(server, 'check_stock', async () => {
          await wait(12, workbench.random);
          return 'enough';
        });
      },
      phases: [{ seconds: 18, scripts: [call('write_report', reports), call('look_up', 25), call('check_stock', 10)] }],
    };
  },
};
