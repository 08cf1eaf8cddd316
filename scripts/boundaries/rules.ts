/** The boundary rules as pure functions of data and facts; `checkBoundaries.ts` holds the data and reads the files. */
import { posix } from 'node:path';
import type { ModuleFacts } from './moduleFacts.ts';

/**
 * Units of one package's `src/`: a folder (`store/`), a file (`app.ts`) or all of it (the empty name), each with what it may import besides itself.
 * `type:` in front of a target allows `import type` only; `*` allows everything in the package.
 */
export type Edges = Readonly<Record<string, readonly string[]>>;

export interface PackageRule {
  /** Specifiers of sibling packages that it may import. */
  packages: readonly string[];
  edges: Edges;
}

/** A name (import specifier or global) that only some files may use. */
export interface Reserved {
  /** Specifiers, with all below them, and globals as `moduleFacts.ts` names them. */
  names: readonly string[];
  /** Where the rule holds: a prefix of `packages/...` paths. */
  within: readonly string[];
  /** Path prefixes inside of it that may use the names. */
  allowedIn: readonly string[];
  reason: string;
}

export interface SourceFile extends ModuleFacts {
  /** From the repository's root, with `/`, e.g. `packages/sdk/src/clock.ts`. */
  path: string;
}

export interface Violation {
  path: string;
  line: number;
  message: string;
}

/** The longest unit that contains a path inside `src/`; undefined when the package's table does not know it. */
export function unitOf(path: string, edges: Edges): string | undefined {
  const fits = Object.keys(edges).filter(
    (unit) => path === unit || unit === '' || (unit.endsWith('/') && path.startsWith(unit)),
  );
  return fits.sort((a, b) => b.length - a.length)[0];
}

export function checkFile(
  file: SourceFile,
  packages: Readonly<Record<string, PackageRule>>,
  reserved: readonly Reserved[],
): Violation[] {
  return [...checkImports(file, packages), ...checkReserved(file, reserved)];
}

function checkImports(file: SourceFile, packages: Readonly<Record<string, PackageRule>>): Violation[] {
  const [, name = '', , ...rest] = file.path.split('/');
  const rule = packages[name];
  if (rule === undefined) return [{ path: file.path, line: 1, message: `package ${name} has no rule` }];
  const pathInSrc = rest.join('/');
  const from = unitOf(pathInSrc, rule.edges);
  if (from === undefined) return [{ path: file.path, line: 1, message: `${pathInSrc} belongs to no unit of ${name}` }];

  const code = file.imports.filter(({ specifier }) => !specifier.endsWith('.json'));
  return code.flatMap(({ specifier, typeOnly, line }) => {
    const message = specifier.startsWith('.')
      ? siblingComplaint(from, posix.join(posix.dirname(pathInSrc), specifier), typeOnly, rule.edges)
      : packageComplaint(name, specifier, rule.packages);
    return message === undefined ? [] : [{ path: file.path, line, message }];
  });
}

function siblingComplaint(from: string, target: string, typeOnly: boolean, edges: Edges): string | undefined {
  const allowed = edges[from] ?? [];
  const to = unitOf(target, edges);
  if (to === from || allowed.includes('*')) return undefined;
  const matches = (wanted: string) => target === wanted || (wanted.endsWith('/') && to === wanted);
  if (allowed.some((entry) => matches(entry) || (typeOnly && matches(entry.replace('type:', ''))))) return undefined;
  const asType = allowed.some((entry) => matches(entry.replace('type:', '')));
  return asType ? `${from} may import only types of ${target}` : `${from} may not import ${target}`;
}

function packageComplaint(name: string, specifier: string, allowed: readonly string[]): string | undefined {
  if (!specifier.startsWith('@mcp-vitals/') || allowed.includes(specifier)) return undefined;
  return `${name} may not import ${specifier}`;
}

function checkReserved(file: SourceFile, reserved: readonly Reserved[]): Violation[] {
  const covers = (prefixes: readonly string[]) => prefixes.some((prefix) => file.path.startsWith(prefix));
  const rules = reserved.filter((rule) => covers(rule.within) && !covers(rule.allowedIn));
  return rules.flatMap((rule) => {
    const used = [...file.imports.map(({ specifier, line }) => ({ name: specifier, line })), ...file.uses];
    return used
      .filter(({ name }) =>
        rule.names.some((reservedName) => name === reservedName || name.startsWith(`${reservedName}/`)),
      )
      .map(({ name, line }) => ({ path: file.path, line, message: `${name}: ${rule.reason}` }));
  });
}
