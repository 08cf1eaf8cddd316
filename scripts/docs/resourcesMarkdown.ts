/** Resources and prompts as tables, from their definitions. */
import type { PromptDefinition } from '../../packages/collector/src/serve/prompts/definePrompt.ts';
import type { ResourceDefinition } from '../../packages/collector/src/serve/resources/defineResource.ts';

export function resourcesMarkdown(resources: readonly ResourceDefinition[]): string {
  return [
    '| address | type | |',
    '| --- | --- | --- |',
    ...resources.map(
      ({ uri, mimeType, title, description }) => `| \`${uri}\` | \`${mimeType}\` | ${title}. ${description} |`,
    ),
  ].join('\n');
}

export function promptsMarkdown(prompts: readonly PromptDefinition[]): string {
  return [
    '| prompt | arguments | |',
    '| --- | --- | --- |',
    ...prompts.map(({ name, title, description, arguments: declared }) => {
      const given = declared.map((argument) => `\`${argument.name}\`: ${argument.description}`);
      return `| \`${name}\`, "${title}" | ${given.join('<br>')} | ${description} |`;
    }),
  ].join('\n');
}
