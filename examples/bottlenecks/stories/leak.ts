/** Every session is remembered, and none forgotten. */
import { addTool, call, type Story } from './story.ts';
import { between, wait } from './work.ts';

interface Remembered {
  id: number;
  words: string[];
}

export const leak: Story = {
  planted: 'memory_leak',
  plan(random) {
    const objects = Math.round(between(5_000, 8_000, random));
    const callsPerSecond = between(18, 26, random);
    return {
      addTools(server, workbench) {
        const sessions: Remembered[][] = [];
        addTool(server, 'open_session', async () => {
          const session = Array.from({ length: objects }, (_, id) => ({
            id,
            words: [`word ${id}`, `of ${sessions.length}`],
          }));
          sessions.push(session);
          await wait(4, workbench.random);
          return `session ${sessions.length}`;
        });
        addTool(server, 'ping', async () => {
          await wait(3, workbench.random);
          return 'pong';
        });
      },
      phases: [{ seconds: 20, scripts: [call('open_session', callsPerSecond), call('ping', 15)] }],
    };
  },
};
