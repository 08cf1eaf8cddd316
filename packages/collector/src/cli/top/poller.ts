/** Asks the collector again and again: never twice at a time, and the next time after a pause from the answer on. */
import type { Clock } from '../../clock.ts';
import type { OverviewAnswer } from '../../serve/api/overview.ts';
import type { Figures, ToolRow } from './rowSets.ts';

/** @throws Error when there is no answer */
export type Ask = (path: string) => Promise<Record<string, unknown>>;

export interface Wanted {
  view: 'servers' | 'tools';
  server: string | undefined;
}

/** As many as one page of the API holds. */
const MAX_TOOLS = 1_000;

export function toolsPath(server: string | undefined): string {
  const query = new URLSearchParams({
    minutes: '60',
    limit: String(MAX_TOOLS),
    ...(server !== undefined && { server }),
  });
  return `/api/v1/tools?${query}`;
}

/** Everything that a view shows. */
export async function askFigures(ask: Ask, { view, server }: Wanted): Promise<Figures> {
  const overview = (await ask('/api/v1/overview')) as unknown as OverviewAnswer;
  if (view === 'servers') return { overview, tools: undefined };
  const { tools } = (await ask(toolsPath(server))) as unknown as { tools: ToolRow[] };
  return { overview, tools };
}

export interface PollerOptions {
  ask: Ask;
  clock: Clock;
  intervalMs: number;
  wanted(): Wanted;
  onFigures(figures: Figures): void;
  onTrouble(error: unknown): void;
}

export class Poller {
  #isAsking = false;
  #isWantedAgain = false;
  #isStopped = false;
  #cancel = () => {};

  constructor(private readonly options: PollerOptions) {}

  /** Asks now, or once more when the answer under way has come. */
  askNow(): void {
    if (this.#isStopped) return;
    this.#isWantedAgain = this.#isAsking;
    if (!this.#isAsking) void this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #ask(): Promise<void> {
    const { ask, wanted, onFigures, onTrouble, clock, intervalMs } = this.options;
    this.#isAsking = true;
    this.#cancel();
    try {
      const figures = await askFigures(ask, wanted());
      if (!this.#isStopped && !this.#isWantedAgain) onFigures(figures);
    } catch (error) {
      if (!this.#isStopped) onTrouble(error);
    }
    this.#isAsking = false;
    if (this.#isStopped) return;
    if (this.#isWantedAgain) this.askNow();
    else this.#cancel = clock.after(intervalMs, () => this.askNow());
  }
}
