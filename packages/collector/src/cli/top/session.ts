/** `mcp-vitals top` while it runs: keys, answers and signals come in, pictures go out, and in the end all is as it was. */
import { emitKeypressEvents, type Interface } from 'node:readline';
import type { Clock } from '../../clock.ts';
import type { Paint } from '../terminal/style.ts';
import { shownName } from '../terminal/width.ts';
import { draw, type Picture, shownRows } from './draw.ts';
import { type Ask, Poller } from './poller.ts';
import { Screen } from './screen.ts';
import { type Key, press, type ViewState } from './viewState.ts';

export interface SessionOptions {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  clock: Clock;
  paint: Paint;
  ask: Ask;
  /** Where the collector is, as far as is known at the moment. */
  address(): string;
  intervalMs: number;
  state: ViewState;
}

/** What a shell says of a command that a signal ended; this one when its terminal is gone. */
export const HANGUP_CODE = 129;
const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: HANGUP_CODE } as const;
/** What comes by ssh in pieces, e.g. an arrow key, must not pass for Esc. */
const ESCAPE_MS = 100;
const SUSPENDED_MS = 50;

export class TopSession {
  readonly #screen: Screen;
  readonly #poller: Poller;
  #picture: Picture;
  #end: (code: number) => void = () => {};

  constructor(private readonly options: SessionOptions) {
    this.#screen = new Screen(options.stdout);
    this.#picture = { figures: undefined, address: options.address(), trouble: undefined, state: options.state };
    this.#poller = new Poller({
      ...options,
      wanted: () => this.#picture.state,
      onFigures: (figures) => this.#change({ figures, trouble: undefined, address: options.address() }),
      onTrouble: (error) => this.#change({ trouble: `${troubleWords(error)} Trying again.` }),
    });
  }

  /** @returns the exit code */
  async run(): Promise<number> {
    const ended = new Promise<number>((resolve) => {
      this.#end = resolve;
    });
    const undo = this.#listen();
    try {
      this.#take();
      this.#poller.askNow();
      return await ended;
    } finally {
      this.#poller.stop();
      undo();
      this.#giveBack();
      this.options.stdin.pause();
    }
  }

  #take = (): void => {
    this.options.stdin.setRawMode(true).resume();
    this.#screen.enter();
    this.#draw();
  };

  #giveBack = (): void => {
    this.#screen.leave();
    try {
      this.options.stdin.setRawMode(false);
    } catch {
      // A terminal that is gone has no mode to go back to.
    }
  };

  #change(part: Partial<Picture>): void {
    this.#picture = { ...this.#picture, ...part };
    this.#draw();
  }

  #draw = (): void => {
    const isShown = this.#screen.show(draw(this.#picture, this.#screen.size, this.options.paint));
    if (!isShown) this.options.stdout.once('drain', this.#draw);
  };

  #pressed = (_text: string | undefined, key: Key): void => {
    const before = this.#picture.state;
    const { state, effect } = press(before, key, shownRows(this.#picture, this.#screen.size));
    if (effect === 'quit') this.#end(0);
    else if (effect === 'interrupt') this.#end(SIGNAL_CODES.SIGINT);
    else if (effect === 'suspend') this.#suspend();
    this.#change({ state });
    if (state.view !== before.view || state.server !== before.server) this.#poller.askNow();
  };

  /**
   * Stops here until the shell lets it go on; where nobody could, it does so by itself. Keys are still read, because a process
   * with nothing to wait for ends.
   */
  #suspend(): void {
    this.#giveBack();
    process.kill(process.pid, 'SIGTSTP');
    this.options.clock.after(SUSPENDED_MS, this.#take);
  }

  #resized = (): void => {
    this.#screen.forget();
    this.#draw();
  };

  /** @returns what ends it */
  #listen(): () => void {
    const { stdin, stdout } = this.options;
    emitKeypressEvents(stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface);
    const gone = () => this.#end(HANGUP_CODE);
    const signals = Object.entries(SIGNAL_CODES).map(([name, code]) => [name, () => this.#end(code)] as const);
    stdin.on('keypress', this.#pressed).on('end', gone).on('error', gone);
    stdout.on('resize', this.#resized).on('error', gone);
    for (const [name, end] of signals) process.on(name, end);
    // Whatever is thrown is printed where it can be read.
    process.on('uncaughtExceptionMonitor', this.#giveBack);
    return () => {
      stdin.off('keypress', this.#pressed).off('end', gone).off('error', gone);
      // A terminal that is gone may say so more than once.
      stdout.off('resize', this.#resized);
      for (const [name, end] of signals) process.off(name, end);
      process.off('uncaughtExceptionMonitor', this.#giveBack);
    };
  }
}

function troubleWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${shownName(message).replace(/\.$/, '')}.`;
}
