/**
 * Writes what follows from code: `docs/tools.md` from the definitions of tools, resources and prompts,
 * `docs/configuration.md` from the settings, tables of `docs/prometheus.md` from the families of metrics, `docs/cli.md` from the help of the commands, `docs/openapi.json` from the
 * routes, and the page's types from that. With `--check` it writes nothing and fails when they differ.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createProgram } from '../packages/collector/src/cli/program.ts';
import { SETTINGS } from '../packages/collector/src/config/settings.ts';
import { PROMPTS } from '../packages/collector/src/serve/prompts/index.ts';
import { RESOURCES } from '../packages/collector/src/serve/resources/index.ts';
import { TOOLS, TOOLSETS } from '../packages/collector/src/serve/tools/index.ts';
import { COLLECTOR_FAMILIES, SERVER_FAMILIES } from '../packages/prometheus/src/families.ts';
import { apiTypes, openApiJson } from './docs/apiFiles.ts';
import { cliMarkdown } from './docs/cliMarkdown.ts';
import { familiesMarkdown } from './docs/familiesMarkdown.ts';
import { promptsMarkdown, resourcesMarkdown } from './docs/resourcesMarkdown.ts';
import { settingsMarkdown } from './docs/settingsMarkdown.ts';
import { toolsMarkdown } from './docs/toolsMarkdown.ts';
import { replaceBetweenMarkers } from './generatedSection.ts';

const ROOT = new URL('../', import.meta.url);
const DOCS = new URL('docs/', ROOT);

interface GeneratedPage {
  file: string;
  /** Name between the markers. */
  section: string;
  content(): string | Promise<string>;
}

export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { file: 'tools.md', section: 'tools', content: () => toolsMarkdown(TOOLS) },
  { file: 'tools.md', section: 'analysis tools', content: () => toolsMarkdown(TOOLSETS.analysis) },
  { file: 'tools.md', section: 'resources', content: () => resourcesMarkdown(RESOURCES) },
  { file: 'tools.md', section: 'prompts', content: () => promptsMarkdown(PROMPTS) },
  { file: 'configuration.md', section: 'settings', content: () => settingsMarkdown(SETTINGS) },
  { file: 'prometheus.md', section: 'server metrics', content: () => familiesMarkdown(Object.values(SERVER_FAMILIES)) },
  {
    file: 'prometheus.md',
    section: 'collector metrics',
    content: () => familiesMarkdown(Object.values(COLLECTOR_FAMILIES)),
  },
  { file: 'cli.md', section: 'commands', content: async () => cliMarkdown(await createProgram([])) },
];

interface GeneratedFile {
  file: string;
  content(): string | Promise<string>;
}

const GENERATED_FILES: readonly GeneratedFile[] = [
  { file: 'docs/openapi.json', content: openApiJson },
  { file: 'packages/dashboard/src/api/schema.d.ts', content: apiTypes },
];

/** @returns names of the files that differ from the code */
export async function updateFiles(write: boolean): Promise<string[]> {
  const differing: string[] = [];
  for (const { file, content } of GENERATED_FILES) {
    const path = new URL(file, ROOT);
    const current = await content();
    if (existsSync(path) && readFileSync(path, 'utf8') === current) continue;
    if (write) writeFileSync(path, current);
    differing.push(file);
  }
  return differing;
}

/** @returns names of the pages that differ from the code */
export async function updatePages(write: boolean): Promise<string[]> {
  const differing: string[] = [];
  for (const { file, section, content } of GENERATED_PAGES) {
    const path = new URL(file, DOCS);
    const page = readFileSync(path, 'utf8');
    const current = replaceBetweenMarkers(page, section, await content());
    if (current === page) continue;
    if (write) writeFileSync(path, current);
    differing.push(`docs/${file}`);
  }
  return [...new Set(differing)];
}

async function main(): Promise<number> {
  const check = process.argv.includes('--check');
  const differing = [...(await updatePages(!check)), ...(await updateFiles(!check))];
  if (!check || differing.length === 0) return 0;
  console.error(`${differing.join(' and ')} differ from the code: run \`npx tsx scripts/generateDocs.ts\``);
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
