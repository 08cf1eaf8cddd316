/** Works hard, at three fifths of what it could do, in small pieces. */
import { addTool, call, type Story } from './story.ts';
import { between, useProcessor, wait } from './work.ts';

const UTILISATION = 0.6;

export const healthyBusy: Story = {
  planted: undefined,
  plan(random) {
    const cpuMs = between(4, 7, random);
    return {
      addTools(server, workbench) {
        addTool(server, 'parse', () => {
          useProcessor(cpuMs);
          return 'parsed';
        });
        addTool(server, 'ping', async () => {
          await wait(3, workbench.random);
          return 'pong';
        });
      },
      // What the protocol itself costs is some of it.
      phases: [{ seconds: 18, scripts: [call('parse', ((UTILISATION - 0.05) * 1_000) / cpuMs), call('ping', 10)] }],
    };
  },
};
