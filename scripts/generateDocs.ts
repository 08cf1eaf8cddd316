/**
 * Writes the parts of the docs that follow from code: `docs/tools.md` from the tool definitions and
 * `docs/configuration.md` from the settings. With `--check` it writes nothing and fails when they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '../packages/collector/src/config/settings.ts';
import { TOOLS } from '../packages/collector/src/serve/tools/index.ts';
import { settingsMarkdown } from './docs/settingsMarkdown.ts';
import { toolsMarkdown } from './docs/toolsMarkdown.ts';
import { replaceBetweenMarkers } from './generatedSection.ts';

const DOCS = new URL('../docs/', import.meta.url);

interface GeneratedPage {
  file: string;
  /** Name between the markers. */
  section: string;
  content(): string;
}

export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { file: 'tools.md', section: 'tools', content: () => toolsMarkdown(TOOLS) },
  { file: 'configuration.md', section: 'settings', content: () => settingsMarkdown(SETTINGS) },
];

/** @returns names of the pages that differ from the code */
export function updatePages(write: boolean): string[] {
  return GENERATED_PAGES.filter(({ file, section, content }) => {
    const path = new URL(file, DOCS);
    const page = readFileSync(path, 'utf8');
    const current = replaceBetweenMarkers(page, section, content());
    if (current === page) return false;
    if (write) writeFileSync(path, current);
    return true;
  }).map(({ file }) => `docs/${file}`);
}

function main(): number {
  const check = process.argv.includes('--check');
  const differing = updatePages(!check);
  if (!check || differing.length === 0) return 0;
  console.error(`${differing.join(' and ')} differ from the code: run \`npx tsx scripts/generateDocs.ts\``);
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
