/**
 * The screen of a terminal, taken for a while and given back as it was. Only lines that changed are written, and a frame is
 * left out while the one before has not gone: a slow line is not asked for more than it can take.
 */

/** The alternate screen, without a cursor, and no line goes on in the next if a terminal finds a name wider than we do. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const ERASE_ALL = '\x1b[2J';
const ERASE_LINE = '\x1b[2K';

export type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'writableNeedDrain'>;

export class Screen {
  #shown: readonly string[] = [];
  #isEntered = false;

  constructor(private readonly terminal: Terminal) {}

  get size(): { columns: number; rows: number } {
    // A terminal that does not know its size says 0.
    return { columns: this.terminal.columns || 80, rows: this.terminal.rows || 24 };
  }

  enter(): void {
    if (this.#isEntered) return;
    this.#isEntered = true;
    this.#shown = [];
    this.terminal.write(ENTER);
  }

  /** May be called twice, and by whatever comes first: a key, a signal, a failure. */
  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.terminal.write(LEAVE);
  }

  /** Nothing of what is on it is where it was. */
  forget(): void {
    this.#shown = [];
    if (this.#isEntered) this.terminal.write(ERASE_ALL);
  }

  /** @returns false when the terminal has not taken the frame before; it is to be shown again once it has */
  show(lines: readonly string[]): boolean {
    if (!this.#isEntered) return true;
    if (this.terminal.writableNeedDrain) return false;
    const changes = changedLines(this.#shown, lines);
    if (changes !== '') this.terminal.write(changes);
    this.#shown = lines;
    return true;
  }
}

/** What turns one screen into another. A line is erased first: at the edge, erasing what follows would take its end. */
export function changedLines(before: readonly string[], after: readonly string[]): string {
  const rows = Math.max(before.length, after.length);
  return Array.from({ length: rows }, (_, row) => {
    const line = after[row] ?? '';
    return line === (before[row] ?? '') ? '' : `\x1b[${row + 1};1H${ERASE_LINE}${line}`;
  }).join('');
}
