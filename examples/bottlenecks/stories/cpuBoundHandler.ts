/** Drawing a picture takes the processor longer than there is time between two requests. */
import { addTool, call, rush, type Story } from './story.ts';
import { between, useProcessor } from './work.ts';

export const cpuBoundHandler: Story = {
  planted: 'cpu_bound',
  plan(random) {
    const cpuMs = between(15, 40, random);
    const perSecond = 1_000 / cpuMs;
    return {
      addTools(server) {
        addTool(server, 'draw_picture', () => {
          useProcessor(cpuMs);
          return 'drawn';
        });
        addTool(server, 'list_pictures', () => 'none');
      },
      phases: rush(
        18,
        [call('draw_picture', 0.35 * perSecond), call('list_pictures', 5)],
        [call('draw_picture', 1.2 * perSecond), call('list_pictures', 5)],
      ),
    };
  },
};
