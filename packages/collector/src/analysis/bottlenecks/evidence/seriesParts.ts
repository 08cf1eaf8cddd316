/**
 * Files what was measured of a server's series under its tools: durations, sizes of results, how calls overlapped and
 * followed each other, whose they were. The same for windows of seconds and for rows of minutes.
 */
import type { SeriesKind } from '@mcp-vitals/wire/decode';
import { formatToolSeriesName, parseSeriesName } from '@mcp-vitals/wire/encode';
import { type Band, type ClientColumns, emptyTool, type Follow, type ToolColumns } from './sight.ts';

/** The kinds that tell something of a tool. */
export const EVIDENCE_KINDS = [
  'tool',
  'overlapped',
  'follows',
  'result_bytes',
  'by_client',
] as const satisfies SeriesKind[];

/** What one series did in one slot. */
export interface Measured {
  kind: SeriesKind;
  name: string;
  calls: number;
  errors: number;
  /** In the unit of the kind. */
  sum: number;
  /** NaN where it is not known. */
  max: number;
}

export class SeriesParts {
  readonly #tools = new Map<string, ToolColumns>();
  readonly #follows = new Map<string, Follow>();
  /** Names of tools as they stand before labels, where some characters are replaced. */
  readonly #toolOfLabelled = new Map<string, string>();

  /**
   * @param tools all names, so that labelled ones can be traced back to them
   * @param clientP95Ms by names of series of kind `by_client`
   */
  constructor(
    readonly slots: number,
    tools: Iterable<string>,
    readonly clientP95Ms: ReadonlyMap<string, number>,
  ) {
    for (const tool of tools) this.#toolOfLabelled.set(formatToolSeriesName(tool, {}), tool);
  }

  add(slot: number, measured: Measured): void {
    const { kind, name, calls, errors, sum, max } = measured;
    if (kind === 'overlapped') {
      this.#addOverlapped(slot, name, calls, sum);
    } else if (kind === 'by_client') {
      this.#addByClient(slot, name, calls, sum);
    } else if (kind === 'follows') {
      this.#addFollow(name, sum);
    } else if (kind === 'result_bytes') {
      const tool = this.#columnsOf(name);
      tool.sizedCalls[slot]! += calls;
      tool.resultBytes[slot]! += sum;
    } else if (kind === 'tool') {
      const tool = this.#columnsOf(name);
      tool.calls[slot]! += calls;
      tool.errors[slot]! += errors;
      tool.sumMs[slot]! += sum;
      if (calls > 0 && !Number.isNaN(max)) tool.maxMs[slot] = Math.max(tool.maxMs[slot] || 0, max);
    }
  }

  /** The tools that were called, those that took most time first. */
  tools(): ToolColumns[] {
    const total = ({ sumMs }: ToolColumns) => sumMs.reduce((sum, ms) => sum + ms, 0);
    const called = [...this.#tools.values()].filter(({ calls }) => calls.some((count) => count > 0));
    for (const { bands } of called) bands.sort((a, b) => a.from - b.from);
    return called.sort((a, b) => total(b) - total(a));
  }

  follows(): Follow[] {
    return [...this.#follows.values()];
  }

  #columnsOf(name: string): ToolColumns {
    const known = this.#tools.get(name);
    if (known !== undefined) return known;
    const tool = emptyTool(name, this.slots);
    this.#tools.set(name, tool);
    return tool;
  }

  #addOverlapped(slot: number, labelled: string, calls: number, sumMs: number): void {
    const { name, labels } = parseSeriesName(labelled);
    const limits = /^(\d+)(?:-(\d+)|(\+))?$/.exec(labels.calls ?? '');
    if (limits === null) return;
    const from = Number(limits[1]);
    const to = limits[3] === '+' ? Number.POSITIVE_INFINITY : Number(limits[2] ?? from);
    const band = this.#bandOf(this.#toolOfLabelled.get(name) ?? name, from, to);
    band.calls[slot]! += calls;
    band.sumMs[slot]! += sumMs;
  }

  #bandOf(tool: string, from: number, to: number): Band {
    const { bands } = this.#columnsOf(tool);
    const known = bands.find((band) => band.from === from);
    if (known !== undefined) return known;
    const band = { from, to, calls: new Float64Array(this.slots), sumMs: new Float64Array(this.slots) };
    bands.push(band);
    return band;
  }

  #addByClient(slot: number, labelled: string, calls: number, sumMs: number): void {
    const { name, labels } = parseSeriesName(labelled);
    if (labels.client === undefined) return;
    const columns = this.#clientOf(this.#toolOfLabelled.get(name) ?? name, labels.client, labelled);
    columns.calls[slot]! += calls;
    columns.sumMs[slot]! += sumMs;
  }

  #clientOf(tool: string, client: string, labelled: string): ClientColumns {
    const { clients } = this.#columnsOf(tool);
    const known = clients.find((one) => one.client === client);
    if (known !== undefined) return known;
    const [calls, sumMs] = [new Float64Array(this.slots), new Float64Array(this.slots)];
    const columns = { client, calls, sumMs, p95Ms: this.clientP95Ms.get(labelled) ?? Number.NaN };
    clients.push(columns);
    return columns;
  }

  #addFollow(labelled: string, count: number): void {
    const { name, labels } = parseSeriesName(labelled);
    if (labels.after === undefined) return;
    const tool = this.#toolOfLabelled.get(name) ?? name;
    const key = `${tool}\0${labels.after}`;
    const known = this.#follows.get(key);
    if (known === undefined) this.#follows.set(key, { tool, after: labels.after, count });
    else known.count += count;
  }
}
