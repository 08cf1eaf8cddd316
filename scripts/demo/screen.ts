/** What the terminal can do: colours and a line that is written over, or neither, on a pipe or with NO_COLOR. */
import { painterFor, type Style } from '../../packages/collector/src/cli/terminal/style.ts';

export interface Screen {
  paint(style: Style, text: string): string;
  print(text?: string): void;
  /** Shows how far the work is: one line written over on a terminal, else a plain line now and then. */
  progress(text: string): void;
  /** Takes the progress line away. */
  clearProgress(): void;
}

const PLAIN_LINE_EVERY_MS = 5_000;

export function createScreen(out: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const isTerminal = out.isTTY === true;
  let shown = false;
  let lastPlainMs = Number.NEGATIVE_INFINITY;

  const screen: Screen = {
    paint: painterFor(out, env),
    print(text = '') {
      screen.clearProgress();
      out.write(`${text}\n`);
    },
    progress(text) {
      if (isTerminal) {
        out.write(`\r\x1b[2K${text.slice(0, (out.columns || 80) - 1)}`);
        shown = true;
      } else if (performance.now() - lastPlainMs >= PLAIN_LINE_EVERY_MS) {
        lastPlainMs = performance.now();
        out.write(`${text}\n`);
      }
    },
    clearProgress() {
      if (shown) out.write('\r\x1b[2K');
      shown = false;
    },
  };
  return screen;
}
