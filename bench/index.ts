/**
 * Runs every benchmark, each in a process of its own, one after another, and writes `docs/benchmarks.md`.
 *
 *     npm run bench                  all of them, and the page
 *     npm run bench -- sketchMerge   only these, printed, the page untouched
 *     npm run bench -- --write sketchMerge   only these, and their sections of the page
 *     npm run bench -- --data DIR forecast   with series that are not part of the repository
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createProgress, showsProgress } from '../packages/collector/src/cli/terminal/progress.ts';
import { replaceBetweenMarkers } from '../scripts/generatedSection.ts';
import type { BenchResult } from './result.ts';

const FOLDER = new URL('./', import.meta.url);
const PAGE = new URL('../docs/benchmarks.md', import.meta.url);

/** Files that answer a question, by name without ending; the others help them. */
function benchmarks(): string[] {
  const isBenchmark = (file: string) =>
    readFileSync(new URL(file, FOLDER), 'utf8').includes('runWhenMain(import.meta.url');
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  return files.filter(isBenchmark).map((file) => file.replace(/\.ts$/, ''));
}

/** @returns undefined when it failed; its stderr has been handed over then */
async function measure(
  name: string,
  data: string | undefined,
  onStderr: (chunk: Buffer) => void,
): Promise<BenchResult | undefined> {
  const file = fileURLToPath(new URL(`${name}.ts`, FOLDER));
  const args = ['--expose-gc', '--import', 'tsx', file, '--json', ...(data === undefined ? [] : ['--data', data])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', onStderr);
  await once(child, 'close');
  // A missed target ends with 1 as well; what counts is whether there is a result.
  const line = output
    .trimEnd()
    .split('\n')
    .findLast((candidate) => candidate.startsWith('{"name"'));
  return line === undefined ? undefined : (JSON.parse(line) as BenchResult);
}

function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${gigabytes} GB, ${type()} ${release()}, Node ${process.versions.node}`;
}

interface Section {
  name: string;
  text: string;
}

function sectionOf({ name, question, rows, targets, notes = [] }: BenchResult): Section {
  const lines = [
    `## ${name}`,
    '',
    question,
    '',
    ...table(rows),
    '',
    ...targets.map(targetLine),
    ...notes.flatMap((note) => ['', note]),
    '',
    `Measured ${new Date().toISOString().slice(0, 10)}.`,
  ];
  return { name, text: lines.join('\n') };
}

/** Those of the page as it is; a section begins with its heading. */
function sectionsOfPage(): Section[] {
  const [, generated = ''] =
    /<!-- generated: benchmarks -->\n([\s\S]*)<!-- end: benchmarks -->/.exec(readFileSync(PAGE, 'utf8')) ?? [];
  return generated
    .split(/^(?=## )/m)
    .filter((text) => text.startsWith('## '))
    .map((text) => ({ name: /^## (.*)$/m.exec(text)![1]!, text: text.trim() }));
}

function markdown(sections: readonly Section[]): string {
  const count = (pattern: RegExp) => sections.reduce((sum, { text }) => sum + (text.match(pattern)?.length ?? 0), 0);
  const [met, missed] = [count(/^- met: /gm), count(/^- \*\*missed\*\*: /gm)];
  const summary = `${met + missed} targets, ${met} met, ${missed} missed.`;
  return [`Machine: ${machine()}.`, '', summary, '', sections.map(({ text }) => text).join('\n\n')].join('\n');
}

const targetLine = ({ target, value, met }: BenchResult['targets'][number]) =>
  `- ${met ? 'met' : '**missed**'}: ${target}; measured ${value}`;

function table(rows: BenchResult['rows']): string[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const isNumber = (column: string) => rows.every((row) => typeof (row[column] ?? 0) === 'number');
  return [
    line(columns),
    line(columns.map((column) => (isNumber(column) ? '---:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ''))),
  ];
}

const NEWLINE = 10;

async function main(args: string[]): Promise<number> {
  const options = { write: { type: 'boolean' }, data: { type: 'string' } } as const;
  const { values, positionals: only } = parseArgs({ args, options, allowPositionals: true });
  const writes = only.length === 0 || values.write === true;
  const known = benchmarks();
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`No benchmark is called ${unknown.join(', ')}; there are ${known.join(', ')}`);
    return 2;
  }
  const results: BenchResult[] = [];
  let failures = 0;
  const names = only.length > 0 ? only : known;
  const progress = createProgress('done');
  for (const [done, name] of names.entries()) {
    const show = () => progress.update({ done, total: names.length, doing: name });
    if (showsProgress()) show();
    else console.error(`> ${name}`);
    const result = await measure(name, values.data, (chunk) => {
      progress.end();
      process.stderr.write(chunk);
      // What it says comes in whole lines; half of one would be written over.
      if (chunk.at(-1) === NEWLINE) show();
    });
    progress.end();
    if (result === undefined) failures += 1;
    else results.push(result);
  }
  const sections = results.map(sectionOf);
  console.log(markdown(sections));
  if (failures > 0) {
    console.error(`${failures} benchmarks failed; the page is left as it was`);
    return 1;
  }
  if (writes) {
    const kept = only.length === 0 ? [] : sectionsOfPage().filter(({ name }) => !only.includes(name));
    const all = [...kept, ...sections].sort((a, b) => (a.name < b.name ? -1 : 1));
    writeFileSync(PAGE, replaceBetweenMarkers(readFileSync(PAGE, 'utf8'), 'benchmarks', markdown(all)));
  }
  return results.some(({ targets }) => targets.some(({ met }) => !met)) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
