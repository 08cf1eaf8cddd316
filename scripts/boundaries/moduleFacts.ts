/** Reads from one source file what the boundary rules are about: imports, global names used, SQL in strings. */
import ts from 'typescript';

export interface ImportFact {
  specifier: string;
  /** Erased when compiled: `import type`, `export type ... from`, a type query. */
  typeOnly: boolean;
  /** `import('...')`: loaded when it is reached, not when the module is. */
  dynamic: boolean;
  line: number;
}

/** A use of something that is not imported, e.g. `setTimeout`, `console.log`, `process.stdout`, `SQL`. */
export interface UseFact {
  name: string;
  line: number;
}

export interface ModuleFacts {
  imports: ImportFact[];
  uses: UseFact[];
}

const TIMERS = new Set(['setTimeout', 'setInterval']);
const MEMBERS = new Set(['process.stdout', 'console.log', 'console.info', 'console.debug']);
const SQL =
  /\b(SELECT\s[\s\S]+\sFROM|INSERT\s(OR\s\w+\s)?INTO|DELETE\sFROM|CREATE\s(TABLE|INDEX)|UPDATE\s\w+\sSET|PRAGMA\s\w+)\b/;

export function readModuleFacts(fileName: string, source: string): ModuleFacts {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true);
  const facts: ModuleFacts = { imports: [], uses: [] };
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) facts.imports.push({ ...found, line: lineOf(node) });
    const name = globalUseOf(node);
    if (name !== undefined) facts.uses.push({ name, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return facts;
}

function importOf(node: ts.Node): Omit<ImportFact, 'line'> | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
    const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
    return { specifier, typeOnly: isTypeOnly(node), dynamic: false };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (argument !== undefined && ts.isStringLiteralLike(argument)) {
      return { specifier: argument.text, typeOnly: false, dynamic: true };
    }
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, typeOnly: true, dynamic: false };
  }
  return undefined;
}

/** Also true for `import { type A, type B }`, every name of which is erased. */
function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    clause.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every((e) => e.isTypeOnly)
  );
}

function globalUseOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && TIMERS.has(node.text) && !isMemberName(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) {
    const name = `${node.expression.getText()}.${node.name.text}`;
    if (MEMBERS.has(name)) return name;
  }
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
  return isText && SQL.test(node.getText()) ? 'SQL' : undefined;
}

/** `server.setTimeout(...)` and `{ setTimeout: ... }` are somebody else's. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}
