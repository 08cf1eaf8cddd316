/** What the calls of one tool were like, round by round; and when it is no use to go on calling it. */
import { Digest } from '@mcp-vitals/sketch';
import type { FailureKind, ToolRun } from '../baseline.ts';
import type { CallOutcome } from './target.ts';
import { TimeoutsInARow } from './timeoutsInARow.ts';

export class ToolRecord {
  readonly #rounds: { digest: Digest; errors: number }[];
  readonly #failures: Partial<Record<FailureKind, number>> = {};
  readonly #timeouts = new TimeoutsInARow();
  #spentMs = 0;

  /** @param maxMs that its calls may take together */
  constructor(
    private readonly tool: string,
    rounds: number,
    private readonly maxMs: number,
  ) {
    this.#rounds = Array.from({ length: rounds }, () => ({ digest: new Digest(), errors: 0 }));
  }

  add(round: number, durationMs: number, outcome: CallOutcome): void {
    const target = this.#rounds[round]!;
    this.#spentMs += durationMs;
    this.#timeouts.add(outcome);
    if (outcome.ok) {
      // Whole microseconds, as the sketch writes them: what is read back is what was compared.
      target.digest.add(Math.round(durationMs * 1_000) / 1_000);
      return;
    }
    target.errors += 1;
    this.#failures[outcome.kind] = (this.#failures[outcome.kind] ?? 0) + 1;
  }

  get isOver(): boolean {
    return this.whyOver !== undefined;
  }

  /** In words; undefined while calls of it are worth their time. */
  get whyOver(): string | undefined {
    const hanging = this.#timeouts.whyOver;
    return hanging ?? (this.#spentMs >= this.maxMs ? `they took ${this.maxMs / 1_000} s` : undefined);
  }

  /**
   * Rounds in which it was not called are left out.
   * @param calls that it was to have
   */
  result(calls: number): ToolRun {
    const rounds = this.#rounds.filter(({ digest, errors }) => digest.count + errors > 0);
    const run = { tool: this.tool, rounds, failures: this.#failures };
    const made = rounds.reduce((sum, { digest, errors }) => sum + digest.count + errors, 0);
    const because = this.whyOver;
    return made === calls || because === undefined
      ? run
      : { ...run, endedEarly: { because, isFailure: this.#timeouts.whyOver !== undefined } };
  }
}
