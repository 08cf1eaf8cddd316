/** A command in a terminal of its own, and what a person would see there. Needs python3, whose library has terminals. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PYTHON } from '../../wrap/support/python.ts';
import { COMMAND, cleanEnvironment } from './collector.ts';

const SCRIPT = fileURLToPath(new URL('./terminal.py', import.meta.url));

export interface Ended {
  code: number;
  /** Null where the terminal itself is gone. */
  restored: boolean | null;
}

export class TestTerminal {
  /** Everything that was written. */
  output = '';
  #child: ChildProcess;
  #ending = '';
  #lines: readonly string[] = [];
  #waiting: (() => void)[] = [];
  #hasClosed = false;

  constructor(dataDir: string, args: readonly string[], options: { columns: number; rows: number; env?: object }) {
    const { columns, rows, env } = options;
    const command = [SCRIPT, String(columns), String(rows), process.execPath, COMMAND, ...args];
    const clean = { ...cleanEnvironment(dataDir), TERM: 'xterm-256color', NO_COLOR: '', FORCE_COLOR: undefined };
    this.#child = spawn(PYTHON, command, { env: { ...clean, ...env } });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#ending += text));
    this.#child.on('close', () => {
      this.#hasClosed = true;
      this.#wake();
    });
  }

  /** What stands on the screen, a string a row, without colours. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  get screen(): string {
    return this.#lines.join('\n');
  }

  send(order: { type: string } | { resize: [number, number] } | { signal: number } | { hangup: true }): void {
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
  }

  /** Resolves once the screen shows it. */
  shows(expected: RegExp): Promise<void> {
    return this.#until(() => expected.test(this.screen), expected);
  }

  /** Resolves once it was written that often. */
  writes(expected: string, times: number): Promise<void> {
    return this.#until(() => this.output.split(expected).length > times, expected);
  }

  async #until(isSo: () => boolean, expected: unknown): Promise<void> {
    while (!isSo()) {
      if (this.#hasClosed) throw new Error(`ended, and never came to ${expected}:\n${this.output}\n${this.#ending}`);
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  async ended(): Promise<Ended> {
    if (!this.#hasClosed) await once(this.#child, 'close');
    return JSON.parse(this.#ending.trim().split('\n').at(-1)!) as Ended;
  }

  /** For the end of a test that failed. */
  kill(): void {
    this.#child.stdin!.end();
  }

  #read(text: string): void {
    this.output += text;
    this.#lines = linesOf(this.output);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** By the few sequences that `top` writes: a line is placed, erased and written, with colours between. */
function linesOf(output: string): readonly string[] {
  let lines: string[] = [];
  let row = 0;
  for (const piece of output.split('\x1b')) {
    const [, parameters = '', command = '', text = ''] = /^\[([?\d;]*)([A-Za-z])([\s\S]*)$/.exec(piece) ?? [];
    if (command === 'H') row = Number(parameters.split(';')[0]) - 1;
    if (command === 'J') lines = [];
    if (command === 'K') lines[row] = text;
    if (command === 'm') lines[row] += text;
  }
  return Array.from(lines, (line) => line ?? '');
}
