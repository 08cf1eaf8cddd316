/** The server does little. Another process of the same machine takes the processors away. */
import { addTool, call, type Story } from './story.ts';
import { between, useProcessor, wait } from './work.ts';

export const noisyNeighbour: Story = {
  planted: 'noisy_neighbour',
  plan(random) {
    const cpuMs = between(3, 6, random);
    const fromSecond = between(4, 6, random);
    return {
      addTools(server, workbench) {
        addTool(server, 'convert', () => {
          useProcessor(cpuMs);
          return 'converted';
        });
        addTool(server, 'look_up', async () => {
          await wait(5, workbench.random);
          useProcessor(1);
          return 'found';
        });
      },
      neighbour: { fromSecond, toSecond: fromSecond + between(7, 9, random) },
      phases: [{ seconds: 18, scripts: [call('convert', between(12, 20, random)), call('look_up', 15)] }],
    };
  },
};
