/** The settings as one table per section of the schema. */
import type { Setting } from '../../packages/collector/src/config/settings.ts';

type DocumentedSetting = Pick<Setting, 'path' | 'environment' | 'description' | 'defaultValue'>;

export function settingsMarkdown(settings: readonly DocumentedSetting[]): string {
  const sections = new Map<string, DocumentedSetting[]>();
  for (const setting of settings) {
    const section = setting.path.split('.').slice(0, -1).join('.');
    sections.set(section, [...(sections.get(section) ?? []), setting]);
  }
  return [...sections].map(([name, members]) => sectionMarkdown(name, members)).join('\n\n');
}

function sectionMarkdown(name: string, settings: readonly DocumentedSetting[]): string {
  return [
    `## ${name === '' ? 'General' : `\`${name}\``}`,
    '',
    '| setting | environment | default | meaning |',
    '| --- | --- | --- | --- |',
    ...settings.map(
      ({ path, environment, defaultValue, description }) =>
        `| \`${path}\` | \`${environment}\` | ${defaultCell(path, defaultValue)} | ${description} |`,
    ),
  ].join('\n');
}

/** Defaults that depend on the system are told in words: the page must be the same wherever it is generated. */
const SYSTEM_DEFAULTS: Record<string, string> = {
  dataDir: '`.performance-data` in the home directory',
  socket: '`true`; on Windows `false`',
};

function defaultCell(path: string, value: unknown): string {
  const words = SYSTEM_DEFAULTS[path];
  if (words !== undefined) return words;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? 'none' : `\`${String(value)}\``;
}
