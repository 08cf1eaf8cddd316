/**
 * The metrics that authors of servers measure themselves, as families. Some names of the SDK have a family of their own
 * (caches, connections, database queries); all others become `mcp_custom_<name>`, with the suffix that their kind asks for.
 */
import { type Labels, parseSeriesName } from '@mcp-vitals/wire/encode';
import { type Family, type FamilyType, SERVER_FAMILIES } from './families.ts';
import { HistogramShape } from './histogram.ts';
import { customLabels, labelValue, metricNamePart } from './labels.ts';

export type CustomKind = 'counter' | 'gauge' | 'custom';

/** Which family a metric belongs to, and by which labels it is known there. */
export interface CustomPlace {
  family: CustomFamily;
  /** In the order in which they are shown, without `server`. */
  labels: [string, string][];
}

export interface CustomFamily {
  family: Family;
  /** Of an operation that takes time. */
  shape?: HistogramShape;
  /** Counts the operations once more, under a name of its own. */
  alsoCounted?: Family;
}

const MS = 1 / 1000;

const WELL_KNOWN: Readonly<Record<CustomKind, Readonly<Record<string, CustomFamily>>>> = {
  counter: {
    cache_hits: { family: SERVER_FAMILIES.cacheHits },
    cache_misses: { family: SERVER_FAMILIES.cacheMisses },
  },
  gauge: { active_connections: { family: SERVER_FAMILIES.activeConnections } },
  custom: {
    database_query: {
      family: SERVER_FAMILIES.databaseDuration,
      shape: new HistogramShape(SERVER_FAMILIES.databaseDuration, MS),
      alsoCounted: SERVER_FAMILIES.databaseQueries,
    },
  },
};

interface Naming {
  type: FamilyType;
  /** What people may have written already, and would be written twice. */
  suffix: string;
  /** What tells it from a family of another kind that has taken its name. */
  instead: string;
  /** All names that its lines have, after the name of the family without `_total`. */
  lines: readonly string[];
  help: string;
}

const NAMING: Readonly<Record<CustomKind, Naming>> = {
  counter: {
    type: 'counter',
    suffix: '_total',
    instead: '_added',
    lines: ['', '_total', '_created'],
    help: 'Counter of monitored servers',
  },
  gauge: {
    type: 'gauge',
    suffix: '',
    instead: '_value',
    lines: [''],
    help: 'Gauge of monitored servers, added up over the processes of a server',
  },
  custom: {
    type: 'histogram',
    suffix: '_seconds',
    instead: '_operation',
    lines: ['', '_bucket', '_sum', '_count', '_created'],
    help: 'Duration of an operation of monitored servers',
  },
};

/** Suffixes that lines of other types have: a gauge that is called so would be taken for one of them. */
const RESERVED_SUFFIX = /_(total|bucket|sum|count|created|info)$/;

/** The families in use; names that two of them would share go to the one that came first. */
export class CustomFamilies {
  readonly #families = new Map<string, CustomFamily>();
  /** Names of lines, and the family that has them. */
  readonly #taken = new Map<string, string>();

  /** @returns undefined when the name is another's, and so is the name instead of it */
  placeOf(kind: CustomKind, seriesName: string): CustomPlace | undefined {
    const { name, labels } = parseSeriesName(seriesName);
    const known = Object.hasOwn(WELL_KNOWN[kind], name) ? WELL_KNOWN[kind][name] : undefined;
    if (known !== undefined) return { family: known, labels: knownLabels(known.family, labels) };
    const family = this.#familyOf(kind, name);
    return family && { family, labels: customLabels(labels) };
  }

  #familyOf(kind: CustomKind, name: string): CustomFamily | undefined {
    const { suffix, instead } = NAMING[kind];
    const base = baseName(kind, name);
    return this.#claim(kind, `${base}${suffix}`) ?? this.#claim(kind, `${base}${instead}${suffix}`);
  }

  #claim(kind: CustomKind, fullName: string): CustomFamily | undefined {
    const { type, lines, help } = NAMING[kind];
    const owner = `${kind} ${fullName}`;
    const known = this.#families.get(owner);
    if (known !== undefined) return known;
    const base = type === 'counter' ? fullName.slice(0, -'_total'.length) : fullName;
    const names = lines.map((line) => `${base}${line}`);
    if (names.some((name) => this.#taken.has(name))) return undefined;
    for (const name of names) this.#taken.set(name, owner);
    const buckets = type === 'histogram' ? { buckets: SERVER_FAMILIES.toolDuration.buckets } : {};
    const family: Family = { name: fullName, help, type, labels: ['server'], ...buckets };
    const made = { family, ...(type === 'histogram' ? { shape: new HistogramShape(family, MS) } : {}) };
    this.#families.set(owner, made);
    return made;
  }

  /** Forgets families that nothing is counted in any more. */
  keepOnly(used: ReadonlySet<CustomFamily>): void {
    const gone = new Set([...this.#families].filter(([, family]) => !used.has(family)).map(([owner]) => owner));
    for (const owner of gone) this.#families.delete(owner);
    for (const [name, owner] of this.#taken) if (gone.has(owner)) this.#taken.delete(name);
  }
}

function baseName(kind: CustomKind, name: string): string {
  const part = metricNamePart(name);
  const { suffix, instead } = NAMING[kind];
  if (kind === 'gauge') return `mcp_custom_${part}${RESERVED_SUFFIX.test(part) ? instead : ''}`;
  return `mcp_custom_${part.endsWith(suffix) ? part.slice(0, -suffix.length) : part}`;
}

/** Only the labels that the family has; what else a server adds is not told apart. */
function knownLabels({ labels }: Family, given: Labels): [string, string][] {
  const own = labels.filter((label) => label !== 'server');
  return own.map((label) => [label, labelValue(Object.hasOwn(given, label) ? given[label]! : '')]);
}
