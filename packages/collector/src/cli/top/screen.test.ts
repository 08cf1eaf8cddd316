import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../../testing/filledStore.ts';
import { askFigures, Poller } from './poller.ts';
import { changedLines, Screen } from './screen.ts';
import { figuresOf, serverRow, toolRow } from './topFixtures.ts';

describe('Screen', () => {
  it('writes what changed, and nothing else', () => {
    expect(changedLines(['a', 'b', 'c'], ['a', 'x'])).toBe('\x1b[2;1H\x1b[2Kx\x1b[3;1H\x1b[2K');
    const lines = fc.array(fc.string(), { maxLength: 5 });
    fc.assert(
      fc.property(lines, (same) => {
        expect(changedLines(same, same)).toBe('');
      }),
    );
  });

  it('takes the terminal once, gives it back once, and asks no more of a slow line', () => {
    const written: string[] = [];
    const terminal = {
      columns: 0,
      rows: 0,
      writableNeedDrain: false,
      write: (text: unknown) => written.push(String(text)) > 0,
    };
    const screen = new Screen(terminal);
    expect(screen.size).toEqual({ columns: 80, rows: 24 });
    screen.enter();
    screen.enter();
    expect(screen.show(['one'])).toBe(true);
    terminal.writableNeedDrain = true;
    expect(screen.show(['two'])).toBe(false);
    screen.leave();
    screen.leave();
    expect(screen.show(['three'])).toBe(true);
    expect(written).toEqual([
      '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J',
      '\x1b[1;1H\x1b[2Kone',
      '\x1b[?7h\x1b[?25h\x1b[?1049l',
    ]);
  });
});

describe('Poller', () => {
  const { overview } = figuresOf([serverRow()]);

  it('asks for tools where they are shown', async () => {
    const ask = async (path: string) =>
      (path.startsWith('/api/v1/tools') ? { tools: [toolRow()], path } : overview) as Record<string, unknown>;
    expect(await askFigures(ask, { view: 'servers', server: undefined })).toEqual({ overview, tools: undefined });
    expect((await askFigures(ask, { view: 'tools', server: 'a&b' })).tools).toHaveLength(1);
  });

  it('has one request under way, asks again after a pause, and goes on after a failure', async () => {
    const answers: PromiseWithResolversOf<Record<string, unknown>>[] = [];
    const pauses: (() => void)[] = [];
    const said: string[] = [];
    const poller = new Poller({
      ask: () => {
        answers.push(withResolvers());
        return answers.at(-1)!.promise;
      },
      clock: {
        ...manualClock(0),
        after(_ms, run) {
          pauses.push(run);
          return () => {};
        },
      },
      intervalMs: 1,
      wanted: () => ({ view: 'servers', server: undefined }),
      onFigures: () => said.push('figures'),
      onTrouble: (error) => said.push(String(error)),
    });
    poller.askNow();
    poller.askNow();
    expect(answers).toHaveLength(1);
    // What was asked before the view changed is not shown; the next is under way at once.
    answers[0]!.resolve({ ...overview });
    await settled();
    expect([answers.length, said.length, pauses.length]).toEqual([2, 0, 0]);
    answers[1]!.reject(new Error('gone'));
    await settled();
    expect([said, pauses.length]).toEqual([['Error: gone'], 1]);
    pauses[0]!();
    answers[2]!.resolve({ ...overview });
    await settled();
    expect(said.at(-1)).toBe('figures');
    pauses[1]!();
    poller.stop();
    answers[3]!.resolve({ ...overview });
    await settled();
    poller.askNow();
    expect([said.length, answers.length, pauses.length]).toEqual([2, 4, 2]);
  });
});

interface PromiseWithResolversOf<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

function withResolvers<T>(): PromiseWithResolversOf<T> {
  let resolvers: Omit<PromiseWithResolversOf<T>, 'promise'>;
  const promise = new Promise<T>((resolve, reject) => {
    resolvers = { resolve, reject };
  });
  return { promise, ...resolvers! };
}

/** Everything that follows from a promise has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
