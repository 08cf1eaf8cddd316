/**
 * Says, as batches arrive, which limits are exceeded over the rolling span. It runs inside ingest, about 100,000
 * windows a second, so it only counts; what it finds is measured by `thresholdWatch.ts`.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import { MINUTE_MS } from '../model/rollup.ts';
import type { Exceeded, Followed } from './followed.ts';
import { FollowedServer } from './followedServer.ts';
import { FollowedTool } from './followedTool.ts';
import type { ThresholdBook } from './thresholds.ts';

export interface EvaluatorSettings {
  /** Length of the rolling span: the current minute and the ones before. */
  evaluationMinutes: number;
  /** Calls in the span below which nothing is said about response time and error rate. */
  minCalls: number;
}

/** How a name that came from outside is stored and shown; see `AlertManagerOptions.storedName`. */
export type NameRule = (name: string) => string;

/** Tools and servers that are followed; more are not, so that names from strangers cannot fill the memory: 40 MB. */
const MAX_FOLLOWED = 30_000;

/** Longer names are looked up by their stored form, which is short, so that a long name is not kept as it came. */
const MAX_KEY_LENGTH = 256;

export class Evaluator {
  readonly #book: ThresholdBook;
  readonly #settings: EvaluatorSettings;
  readonly #storedName: NameRule;
  /** Names are strangers' words, `__proto__` among them: maps, never objects. */
  readonly #tools = new Map<string, Map<string, FollowedTool>>();
  readonly #servers = new Map<string, FollowedServer>();
  #followed = 0;
  #newestMinute = Number.NEGATIVE_INFINITY;

  constructor(book: ThresholdBook, settings: EvaluatorSettings, storedName: NameRule) {
    this.#book = book;
    this.#settings = settings;
    this.#storedName = storedName;
  }

  /** Tools and servers in memory. */
  get followed(): number {
    return this.#followed;
  }

  /**
   * Takes in a stored batch; returns the limits that are exceeded now and were not, or less so, before.
   * @param skewMs sender's clock minus ours
   */
  observe(batch: Batch, skewMs: number, nowMs: number): Exceeded[] {
    const news: Exceeded[] = [];
    const now = this.#advance(nowMs);
    for (const window of batch.windows) {
      if (window.kind !== 'tool') continue;
      const tool = this.#followTool(batch.servers[window.server]!.name, window.name);
      if (tool === undefined) continue;
      tool.prepare(now, this.#book);
      tool.add(window, Math.min(now, minuteOfEnd(window.endMs - skewMs)));
      tool.tellNews(news);
    }
    for (const { name } of batch.resources.length > 0 ? batch.servers : []) {
      const server = this.#followServer(name);
      if (server === undefined) continue;
      server.prepare(now, this.#book);
      for (const sample of batch.resources) {
        const atMs = Math.min(nowMs, sample.atMs - skewMs);
        server.add(sample, atMs, minuteOfEnd(atMs));
      }
      server.tellNews(news);
    }
    return news;
  }

  /**
   * Returns everything that is exceeded, and forgets what has been quiet for the span. A condition ends only here, so
   * that one that comes and goes from window to window is told once.
   */
  tick(nowMs: number): Exceeded[] {
    const now = this.#advance(nowMs);
    const exceeded: Exceeded[] = [];
    for (const [server, tools] of this.#tools) {
      this.#review(tools, now, exceeded);
      if (tools.size === 0) this.#tools.delete(server);
    }
    this.#review(this.#servers, now, exceeded);
    return exceeded;
  }

  #review(all: Map<string, Followed>, minute: number, exceeded: Exceeded[]): void {
    for (const [name, followed] of all) {
      followed.prepare(minute, this.#book);
      followed.tellAll(exceeded);
      if (followed.isQuiet && all.delete(name)) this.#followed--;
    }
  }

  /** Number of the current minute. When the clock went back by more than the span, every counter is of the future. */
  #advance(nowMs: number): number {
    const now = minuteOf(nowMs);
    if (now <= this.#newestMinute - this.#settings.evaluationMinutes) {
      this.#tools.clear();
      this.#servers.clear();
      this.#followed = 0;
      this.#newestMinute = now;
    }
    this.#newestMinute = Math.max(this.#newestMinute, now);
    return now;
  }

  #followTool(server: string, name: string): FollowedTool | undefined {
    const serverKey = this.#keyOf(server);
    const key = this.#keyOf(name);
    let tools = this.#tools.get(serverKey);
    const known = tools?.get(key);
    if (known !== undefined || this.#followed >= MAX_FOLLOWED) return known;
    if (tools === undefined) {
      tools = new Map();
      this.#tools.set(serverKey, tools);
    }
    const { evaluationMinutes, minCalls } = this.#settings;
    const tool = new FollowedTool(this.#storedName(server), this.#storedName(name), evaluationMinutes, minCalls);
    tools.set(key, tool);
    this.#followed++;
    return tool;
  }

  #followServer(name: string): FollowedServer | undefined {
    const key = this.#keyOf(name);
    const known = this.#servers.get(key);
    if (known !== undefined || this.#followed >= MAX_FOLLOWED) return known;
    const server = new FollowedServer(this.#storedName(name), this.#settings.evaluationMinutes);
    this.#servers.set(key, server);
    this.#followed++;
    return server;
  }

  #keyOf(name: string): string {
    return name.length <= MAX_KEY_LENGTH ? name : this.#storedName(name);
  }
}

function minuteOf(ms: number): number {
  return Math.floor(ms / MINUTE_MS);
}

/** What ends with a minute belongs to it, not to the next: SDKs seal windows on the minute, and the store counts likewise. */
function minuteOfEnd(ms: number): number {
  return Math.ceil(ms / MINUTE_MS) - 1;
}
