/** All that is counted of one server. */
import { BoundedCounts } from './boundedCounts.ts';
import type { CustomFamilies, CustomFamily, CustomKind } from './customFamilies.ts';
import { CustomTotals } from './customTotals.ts';
import { SERVER_FAMILIES } from './families.ts';
import type { FamilyBuilder } from './familyBuilder.ts';
import type { Histogram } from './histogram.ts';
import { labelValue, OTHER } from './labels.ts';
import { newOperation, type OperationKind } from './operations.ts';
import type { SeriesBudget } from './seriesBudget.ts';
import { ToolTotals } from './toolTotals.ts';

const MAX_DROP_REASONS = 20;

export class ServerTotals {
  lastSeenMs = 0;
  diskIoBytes = 0;
  readonly dropped = new BoundedCounts(MAX_DROP_REASONS);
  /** Series that it took from the budget, itself included. */
  seriesCount = 1;
  readonly #tools = new Map<string, ToolTotals>();
  /** By kind and name. */
  readonly #operations = new Map<string, Histogram>();
  /** By kind and name as it is on the wire: finding a metric takes no parsing. */
  readonly #customByName = new Map<string, CustomTotals>();
  /** By family and labels: several names may be one. */
  readonly #custom = new Map<string, CustomTotals>();

  constructor(
    /** As a label's value. */
    readonly name: string,
    private readonly budget: SeriesBudget,
    private readonly families: CustomFamilies,
  ) {}

  /** @returns undefined when there is no room, not even for what is beyond the limit */
  tool(name: string): ToolTotals | undefined {
    return this.#find(this.#tools, '', labelValue(name), (tool) => new ToolTotals(this.name, tool));
  }

  operation(kind: Exclude<OperationKind, 'tool'>, name: string): Histogram | undefined {
    const known = kind === 'resource' ? '' : labelValue(name);
    return this.#find(this.#operations, `${kind} `, known, (shown) => newOperation(this.name, kind, shown));
  }

  custom(kind: CustomKind, name: string): CustomTotals | undefined {
    return this.#find(this.#customByName, `${kind} `, name, (shown) => this.#newCustom(kind, shown));
  }

  #find<Totals>(
    known: Map<string, Totals>,
    prefix: string,
    name: string,
    make: (name: string) => Totals | undefined,
  ): Totals | undefined {
    const found = known.get(prefix + name);
    if (found !== undefined) return found;
    if (this.budget.take()) return this.#keep(known, prefix + name, make(name));
    this.budget.countLimited();
    const others = known.get(prefix + OTHER);
    if (others !== undefined || !this.budget.takeForOthers()) return others;
    return this.#keep(known, prefix + OTHER, make(OTHER));
  }

  #keep<Totals>(known: Map<string, Totals>, key: string, made: Totals | undefined): Totals | undefined {
    if (made === undefined) {
      this.budget.giveBack(1);
      this.budget.countLimited();
      return undefined;
    }
    this.seriesCount += 1;
    known.set(key, made);
    return made;
  }

  #newCustom(kind: CustomKind, name: string): CustomTotals | undefined {
    const place = this.families.placeOf(kind, name);
    if (place === undefined) return undefined;
    const key = JSON.stringify([place.family.family.name, place.labels]);
    let totals = this.#custom.get(key);
    if (totals === undefined) {
      totals = new CustomTotals(place.family, this.name, place.labels);
      this.#custom.set(key, totals);
    }
    return totals;
  }

  *customFamilies(): Iterable<CustomFamily> {
    for (const { family } of this.#custom.values()) yield family;
  }

  pushSamples(into: FamilyBuilder, inFlight: ReadonlyMap<ToolTotals, number>, nowMs: number): void {
    for (const tool of this.#tools.values()) {
      tool.pushSamples(into, nowMs);
      into.of(SERVER_FAMILIES.toolInFlight).push({ labels: tool.labels, value: inFlight.get(tool) ?? 0 });
    }
    for (const operation of this.#operations.values()) {
      operation.pushSamples(into.of(SERVER_FAMILIES.operationDuration));
    }
    for (const custom of this.#custom.values()) custom.pushSamples(into);
    const labels = { server: this.name };
    into.of(SERVER_FAMILIES.diskIo).push({ labels, value: this.diskIoBytes });
    for (const [reason, value] of this.dropped) {
      into.of(SERVER_FAMILIES.droppedSamples).push({ labels: { reason }, sharedLabels: labels, value });
    }
  }
}
