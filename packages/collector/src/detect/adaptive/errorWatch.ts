/** Whether more of a tool's calls fail than usual: a binomial likelihood ratio over the last minutes. */
import { MINUTE_MS } from '../../model/rollup.ts';
import { COLD_AFTER_MS, END_NATS, QUIET_MS, requiredNats } from './budget.ts';
import type { Reading, ToolMinute } from './observation.ts';

/** Bursts are shorter; what lasts longer is seen in any of its parts. */
const KEPT_MINUTES = 64;
/** Before anything is known: 5 failures in 1,000 calls, as if 100 had been seen. */
const PRIOR = { rate: 0.005, calls: 100 } as const;
/** Upper end of what the usual rate may be, in standard errors. */
const RATE_SIGMAS = 1.5;
/** A rate changes a little without a reason: by a third, and by 2 in 1,000. */
const ALLOWED = { factor: 1.3, plus: 0.002 } as const;
const MAX_ALLOWED = 0.5;
/** Minutes that the usual rate is of: two days. */
const MEMORY_MINUTES = 2_880;
/** One or two failed calls are nobody's incident. */
const MIN_ERRORS = 3;
/** Share of the needed evidence from which nothing is learnt any more. */
const SUSPICIOUS = 0.5;
const MAX_END_NATS = 3;
const MINUTES_PER_DAY = 1_440;

export class ErrorWatch {
  isOpen = false;
  /** While it is open: failed calls, per cent. */
  reading: Reading | undefined;
  private readonly calls = new Float64Array(KEPT_MINUTES);
  private readonly errors = new Float64Array(KEPT_MINUTES);
  private next = 0;
  private filled = 0;
  private usualCalls = 0;
  private usualErrors = 0;
  private callsPerMinute = 0;
  private minutes = 0;
  /** Share of failed calls when the episode began. */
  private rate = 0;
  private normalNats = 0;
  private supportedMs = 0;
  private lastCallMs = Number.NEGATIVE_INFINITY;

  /** @param alarmsPerDay false alarms that chance may raise */
  constructor(public alarmsPerDay: number) {}

  observe(minute: ToolMinute): void {
    const { atMs, calls, errors } = this.withoutCold(minute);
    this.add(calls, errors);
    const usual = (this.usualErrors + PRIOR.rate * PRIOR.calls) / (this.usualCalls + PRIOR.calls);
    const allowed = this.allowedRate(usual);
    const strongest = this.strongest(allowed);
    const { nats, rate, count } = strongest;
    this.minutes += 1;
    this.callsPerMinute += (calls - this.callsPerMinute) / Math.min(this.minutes, MEMORY_MINUTES);
    // Each failure is a test, and no minute is more than one.
    const needed = requiredNats(
      Math.min(MINUTES_PER_DAY, usual * this.callsPerMinute * MINUTES_PER_DAY),
      this.alarmsPerDay,
    );
    if (this.isOpen) this.goOn(atMs, calls, errors, usual, allowed);
    else if (nats >= needed && count >= MIN_ERRORS) this.begin(atMs, rate);
    if (this.isOpen) this.note(atMs, strongest, allowed, needed);
    else if (nats < SUSPICIOUS * needed) this.learn(calls, errors);
  }

  /** A first call after a rest may time out for that alone. */
  private withoutCold({ atMs, calls, errors }: ToolMinute): { atMs: number; calls: number; errors: number } {
    if (calls === 0) return { atMs, calls, errors };
    const isCold = atMs - this.lastCallMs > COLD_AFTER_MS;
    this.lastCallMs = atMs;
    return isCold ? { atMs, calls: calls - 1, errors: Math.max(0, errors - 1) } : { atMs, calls, errors };
  }

  private add(calls: number, errors: number): void {
    this.calls[this.next] = calls;
    this.errors[this.next] = errors;
    this.next = (this.next + 1) % KEPT_MINUTES;
    this.filled = Math.min(KEPT_MINUTES, this.filled + 1);
  }

  private allowedRate(usual: number): number {
    const standardError = Math.sqrt((usual * (1 - usual)) / (this.usualCalls + PRIOR.calls));
    return Math.min(MAX_ALLOWED, (usual + RATE_SIGMAS * standardError) * ALLOWED.factor + ALLOWED.plus);
  }

  /** The span ending now that speaks most for a higher rate. */
  private strongest(allowed: number): Burst {
    const best: Burst = { nats: 0, rate: 0, count: 0, minutes: 0 };
    let calls = 0;
    let errors = 0;
    for (let back = 1; back <= this.filled; back += 1) {
      const i = (this.next - back + KEPT_MINUTES) % KEPT_MINUTES;
      calls += this.calls[i]!;
      errors += this.errors[i]!;
      // A span that begins without a failure is beaten by the one after it.
      if (this.errors[i] === 0 || errors / calls <= allowed) continue;
      const rate = errors / calls;
      const nats = calls * divergence(rate, allowed);
      if (nats > best.nats) Object.assign(best, { nats, rate, count: errors, minutes: back });
    }
    return best;
  }

  private begin(atMs: number, rate: number): void {
    this.isOpen = true;
    this.rate = rate;
    this.normalNats = 0;
    this.supportedMs = atMs;
  }

  /** What is said of an episode is the strongest that was seen of it. */
  private note(atMs: number, { nats, rate, minutes }: Burst, allowed: number, neededNats: number): void {
    if (this.reading?.evidence !== undefined && this.reading.evidence.nats >= nats) return;
    this.reading = {
      sinceMs: this.reading?.sinceMs ?? atMs - Math.max(0, minutes - 1) * MINUTE_MS,
      value: 100 * rate,
      low: 0,
      high: 100 * allowed,
      evidence: { nats, neededNats },
    };
  }

  private goOn(atMs: number, calls: number, errors: number, usual: number, allowed: number): void {
    const assumed = Math.min(0.99, Math.max(this.rate, 1.5 * allowed));
    const nats = errors * Math.log(usual / assumed) + (calls - errors) * Math.log((1 - usual) / (1 - assumed));
    this.normalNats = Math.max(0, this.normalNats + Math.max(-MAX_END_NATS, nats));
    if (errors > 0 && errors / calls > usual) this.supportedMs = atMs;
    if (this.normalNats < END_NATS && atMs - this.supportedMs < QUIET_MS) return;
    this.isOpen = false;
    this.reading = undefined;
    this.filled = 0;
  }

  private learn(calls: number, errors: number): void {
    const keep = 1 - 1 / MEMORY_MINUTES;
    this.usualCalls = this.usualCalls * keep + calls;
    this.usualErrors = this.usualErrors * keep + errors;
  }
}

/** A span with more failures than there should be. */
interface Burst {
  nats: number;
  /** Share of failed calls. */
  rate: number;
  /** Failed calls. */
  count: number;
  minutes: number;
}

/** Kullback-Leibler divergence of two shares, nats. */
function divergence(a: number, b: number): number {
  return (a > 0 ? a * Math.log(a / b) : 0) + (a < 1 ? (1 - a) * Math.log((1 - a) / (1 - b)) : 0);
}
