/** Files of the tree: lines appended to many of them without keeping them open, and lines read with their numbers. */
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** What is held back before it is written; far below what a process may use, far above a line. */
const MAX_BUFFERED_CHARACTERS = 8_000_000;

export class LineWriter {
  readonly #buffered = new Map<string, string[]>();
  #characters = 0;

  constructor(private readonly root: string) {}

  /** @param path relative to the root, with `/` */
  async write(path: string, value: unknown): Promise<void> {
    const line = `${JSON.stringify(value)}\n`;
    const lines = this.#buffered.get(path);
    if (lines === undefined) this.#buffered.set(path, [line]);
    else lines.push(line);
    this.#characters += line.length;
    if (this.#characters > MAX_BUFFERED_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    for (const [path, lines] of this.#buffered) {
      const file = join(this.root, ...path.split('/'));
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await appendFile(file, lines.join(''), { mode: 0o600 });
    }
    this.#buffered.clear();
    this.#characters = 0;
  }
}

/** A JSON array with one element to a line, so that a damaged element costs no other. Replaces the file. */
export async function writeArray(root: string, path: string, elements: readonly unknown[]): Promise<void> {
  const file = join(root, ...path.split('/'));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const lines = elements.map((element) => JSON.stringify(element)).join(',\n');
  await writeFile(file, lines === '' ? '[]\n' : `[\n${lines}\n]\n`, { mode: 0o600 });
}

export interface Line {
  number: number;
  text: string;
}

const BRACKETS = new Set(['[', ']', '[]']);

/** Lines that hold a value: of a file of JSON lines, or of an array as `writeArray` writes it. */
export async function* readLines(file: string): AsyncIterable<Line> {
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(file, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    const text = line.trim().replace(/,$/, '');
    if (text !== '' && !BRACKETS.has(text)) yield { number, text };
  }
}

/** Ordinary files below `root/folder` with that ending, in order, as paths relative to the root; links are not followed. */
export async function listFiles(root: string, folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(nothingIfAbsent);
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) files.push(...(await listFiles(root, path, ending)));
    else if (entry.isFile() && entry.name.endsWith(ending)) files.push(path);
  }
  return files;
}

/** How large files are that are listed as paths relative to the root; what is gone meanwhile has no size. */
export async function sizesOf(root: string, paths: readonly string[]): Promise<number[]> {
  return Promise.all(paths.map(async (path) => (await stat(join(root, path)).catch(() => undefined))?.size ?? 0));
}

function nothingIfAbsent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
