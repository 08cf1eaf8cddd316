/**
 * Reads the JSONL tree of the specification into a store. What is there already stays as it is, so importing twice changes
 * nothing; what cannot be read is reported with file and line, and skipped.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { VitalsError } from '../errors.ts';
import type { RollupLevel, Store, StoredResources, StoredRollup } from '../store/store.ts';
import { mergeRows, metricFromJson } from './metricLine.ts';
import { alertFromJson, anomalyFromJson, thresholdFromJson } from './recordJson.ts';
import { resourcesFromJson, resourcesJsonSchema, rollupFromJson, rollupJsonSchema } from './rollupJson.ts';
import { listFiles, readLines, sizesOf } from './treeFiles.ts';

export interface SkippedLine {
  /** Relative to the tree. */
  file: string;
  line: number;
  reason: string;
}

export interface ImportResult {
  /** Rows and records that were new. */
  added: number;
  /** Those that were there already, or older than what is kept at their level. */
  unchanged: number;
  skipped: SkippedLine[];
}

/** Rows handed to the store at a time: one transaction. */
const CHUNK_ROWS = 2_000;

/** The folders of a tree; it has at least one of them. */
const FOLDERS = ['aggregates', 'metrics', 'resources', 'anomalies', 'alerts', 'config'];

/** How far an import is. */
export interface ImportProgress {
  doneBytes: number;
  totalBytes: number;
  /** Lines that were read. */
  lines: number;
}

type Section = readonly [folder: string, ending: string, read: (run: ImportRun, file: string) => Promise<void>];

/** In the order in which they are read: coarse first, the store makes coarser rows of finer ones only where it has none. */
const ROW_SECTIONS: readonly Section[] = [
  ['aggregates/daily', '.json', (run, file) => run.aggregates('day', file)],
  ['aggregates/hourly', '.json', (run, file) => run.aggregates('hour', file)],
  ['metrics', '.jsonl', (run, file) => run.metrics(file)],
  ['resources', '.jsonl', (run, file) => run.resources(file)],
];
const RECORD_SECTIONS: readonly Section[] = [
  ['anomalies', '.jsonl', (run, file) => run.anomalies(file)],
  ['alerts/history', '.jsonl', (run, file) => run.alerts(file)],
  ['alerts', 'active-alerts.json', (run, file) => run.alerts(file)],
  ['config', 'thresholds.json', (run, file) => run.thresholds(file)],
];

/**
 * @param onProgress called for every line; what it does must take no time
 * @throws VitalsError `not_found` when there is no tree: a mistyped path must not pass for an empty one
 */
export async function importTree(
  store: Store,
  root: string,
  onProgress: (progress: ImportProgress) => void = () => {},
): Promise<ImportResult> {
  await requireTree(root);
  const [rowFiles, recordFiles] = [await filesOf(root, ROW_SECTIONS), await filesOf(root, RECORD_SECTIONS)];
  const totalBytes = [...rowFiles, ...recordFiles].reduce((sum, { bytes }) => sum + bytes, 0);
  const run = new ImportRun(store, root, (doneBytes, lines) => onProgress({ doneBytes, totalBytes, lines }));
  for (const file of rowFiles) await run.file(file);
  await store.finishImport();
  for (const file of recordFiles) await run.file(file);
  return run.result;
}

interface TreeFile {
  path: string;
  bytes: number;
  read: Section[2];
}

async function filesOf(root: string, sections: readonly Section[]): Promise<TreeFile[]> {
  const files: TreeFile[] = [];
  for (const [folder, ending, read] of sections) {
    const paths = await listFiles(root, folder, ending);
    const sizes = await sizesOf(root, paths);
    files.push(...paths.map((path, index) => ({ path, bytes: sizes[index]!, read })));
  }
  return files;
}

async function requireTree(root: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(root);
  } catch (error) {
    throw new VitalsError('not_found', `${root} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (!names.some((name) => FOLDERS.includes(name))) {
    throw new VitalsError('not_found', `${root} is not a tree that export wrote.`, {
      hint: `Name the directory that holds ${FOLDERS.join(', ')}.`,
    });
  }
}

class ImportRun {
  readonly result: ImportResult = { added: 0, unchanged: 0, skipped: [] };
  #doneBytes = 0;
  #lineCount = 0;

  constructor(
    private readonly store: Store,
    private readonly root: string,
    private readonly onLine: (doneBytes: number, lines: number) => void,
  ) {}

  async file({ path, bytes, read }: TreeFile): Promise<void> {
    const before = this.#doneBytes;
    await read(this, path);
    // Characters were counted on the way, and lines that hold no value were not.
    this.#doneBytes = before + bytes;
    this.onLine(this.#doneBytes, this.#lineCount);
  }

  async aggregates(level: RollupLevel, file: string): Promise<void> {
    const rollups: StoredRollup[] = [];
    const resources: StoredResources[] = [];
    for await (const json of this.#lines(file)) {
      this.#parse(file, json.line, () => {
        if (isResources(json.value)) resources.push(resourcesFromJson(resourcesJsonSchema.parse(json.value)));
        else rollups.push(rollupFromJson(rollupJsonSchema.parse(json.value)));
      });
    }
    this.#count(rollups.length, await this.store.importRollups(level, rollups));
    this.#count(resources.length, await this.store.importResources(level, resources));
  }

  async metrics(file: string): Promise<void> {
    let rows: StoredRollup[] = [];
    for await (const { line, value } of this.#lines(file)) {
      const row = this.#parse(file, line, () => metricFromJson(value));
      if (row === undefined) continue;
      const last = rows.at(-1);
      if (last !== undefined && sameMinute(last, row)) rows[rows.length - 1] = mergeRows(last, row);
      else if (rows.length < CHUNK_ROWS) rows.push(row);
      else {
        this.#count(rows.length, await this.store.importRollups('minute', rows));
        rows = [row];
      }
    }
    this.#count(rows.length, await this.store.importRollups('minute', rows));
  }

  async resources(file: string): Promise<void> {
    const rows: StoredResources[] = [];
    for await (const { line, value } of this.#lines(file)) {
      const row = this.#parse(file, line, () => resourcesFromJson(resourcesJsonSchema.parse(value)));
      if (row !== undefined) rows.push(row);
    }
    this.#count(rows.length, await this.store.importResources('minute', rows));
  }

  async anomalies(file: string): Promise<void> {
    for await (const { line, value } of this.#lines(file)) {
      const anomaly = this.#parse(file, line, () => anomalyFromJson(value));
      if (anomaly === undefined) continue;
      const { atMs, server, tool, type } = anomaly;
      const known = (await this.store.readAnomalies({ fromMs: atMs, toMs: atMs + 1 }, { server, tool })).some(
        (other) => other.type === type,
      );
      if (!known) await this.store.saveAnomalies([anomaly]);
      this.#count(1, known ? 0 : 1);
    }
  }

  async alerts(file: string): Promise<void> {
    for await (const { line, value } of this.#lines(file)) {
      const alert = this.#parse(file, line, () => alertFromJson(value));
      if (alert === undefined) continue;
      const known = (await this.store.getAlert(alert.alertId)) !== undefined;
      if (!known) await this.store.saveAlert(alert);
      this.#count(1, known ? 0 : 1);
    }
  }

  async thresholds(file: string): Promise<void> {
    const known = new Set((await this.store.listThresholds()).map(({ thresholdId }) => thresholdId));
    for await (const { line, value } of this.#lines(file)) {
      const threshold = this.#parse(file, line, () => thresholdFromJson(value));
      if (threshold === undefined) continue;
      if (!known.has(threshold.thresholdId)) await this.store.saveThreshold(threshold);
      this.#count(1, known.has(threshold.thresholdId) ? 0 : 1);
    }
  }

  async *#lines(file: string): AsyncIterable<{ line: number; value: unknown }> {
    for await (const { number, text } of readLines(join(this.root, file))) {
      this.#doneBytes += text.length + 1;
      this.#lineCount += 1;
      this.onLine(this.#doneBytes, this.#lineCount);
      const parsed = this.#parse(file, number, () => ({ value: JSON.parse(text) as unknown }));
      if (parsed !== undefined) yield { line: number, value: parsed.value };
    }
  }

  #parse<T>(file: string, line: number, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      this.#skip(file, line, reasonOf(error));
      return undefined;
    }
  }

  #skip(file: string, line: number, reason: string): void {
    this.result.skipped.push({ file, line, reason });
  }

  #count(seen: number, added: number): void {
    this.result.added += added;
    this.result.unchanged += seen - added;
  }
}

function sameMinute(a: StoredRollup, b: StoredRollup): boolean {
  return (
    a.startMs === b.startMs &&
    a.series.name === b.series.name &&
    a.series.server === b.series.server &&
    a.series.kind === b.series.kind
  );
}

function isResources(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'instance' in value;
}

/** The first problem, in one line. */
function reasonOf(error: unknown): string {
  const issues = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
  const first = issues?.[0];
  if (first !== undefined) return `${first.path.join('.') || 'line'}: ${first.message}`;
  return error instanceof Error ? error.message : String(error);
}
