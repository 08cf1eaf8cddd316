/**
 * Checks dashboards against Grafana's schema, by way of the types that the foundation SDK has generated from it: a dashboard
 * as JSON is type-checked as a literal. Unlike the builders, whose panels take any options, this tells options and field
 * settings that a kind of panel does not have.
 */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const PANELS = ['stat', 'gauge', 'timeseries', 'barchart', 'table', 'heatmap', 'text'];
/** Their fields have no settings of their own, or (those of tables) the ones that all cells have. */
const NO_FIELD_CONFIG = ['stat', 'gauge', 'text', 'table'];

const SCHEMA = `
import type { Dashboard, FieldConfig, FieldConfigSource, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { TableFieldOptions } from '@grafana/grafana-foundation-sdk/common';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
${PANELS.map((name) => `import type * as ${name} from '@grafana/grafana-foundation-sdk/${name}';`).join('\n')}

/** Enumerations as the texts they are in JSON; without what only tells types apart. */
type Plain<T> = 0 extends 1 & T ? T
  : T extends (...args: never[]) => unknown ? never
  : T extends string ? \`\${T}\`
  : T extends readonly (infer Item)[] ? Plain<Item>[]
  : T extends object ? { [Key in keyof T as Key extends '_implementsDataqueryVariant' ? never : Key]: Plain<T[Key]> }
  : T;

type PanelOf<Type extends string, Options, Custom> = Plain<Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'>> & {
  type: Type;
  options: Plain<Options>;
  fieldConfig?: Plain<Omit<FieldConfigSource, 'defaults'>> & { defaults: Plain<Omit<FieldConfig, 'custom'>> & { custom?: Plain<Custom> } };
  targets?: Plain<Dataquery>[];
};

type AnyPanel = Plain<RowPanel>
${PANELS.map((name) => `  | PanelOf<'${name}', ${name}.Options, ${customOf(name)}>`).join('\n')};

type Annotations = Plain<Omit<Dashboard['annotations'], 'list'>> & { list: (Plain<Omit<NonNullable<Dashboard['annotations']['list']>[number], 'target'>> & { target?: Plain<Dataquery> })[] };

export type Checked = Plain<Omit<Dashboard, 'panels' | 'annotations'>> & { panels: AnyPanel[]; annotations: Annotations };
`;

function customOf(name: string): string {
  if (name === 'table') return 'TableFieldOptions';
  return NO_FIELD_CONFIG.includes(name) ? 'Record<string, never>' : `${name}.FieldConfig`;
}

/** @returns what the compiler says, one line each; empty when the dashboards are as the schema wants them */
export function schemaComplaints(dashboards: readonly object[]): string[] {
  const files = new Map([
    [inThisFolder('checkedSchema.ts'), SCHEMA],
    ...dashboards.map((dashboard, i): [string, string] => [
      inThisFolder(`checked${i}.ts`),
      `import type { Checked } from './checkedSchema.ts';\nexport const dashboard: Checked = ${JSON.stringify(dashboard, null, 1)};\n`,
    ]),
  ]);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = files.get(path);
    if (text === undefined) return getSourceFile(path, languageVersion, ...rest);
    return ts.createSourceFile(path, text, languageVersion);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file?.text.slice(start, file.text.indexOf('\n', start)).trim();
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

function inThisFolder(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
