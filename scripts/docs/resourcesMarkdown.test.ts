import { expect, it } from 'vitest';
import { definePrompt } from '../../packages/collector/src/serve/prompts/definePrompt.ts';
import { defineResource } from '../../packages/collector/src/serve/resources/defineResource.ts';
import { promptsMarkdown, resourcesMarkdown } from './resourcesMarkdown.ts';

it('lists resources by their addresses', () => {
  const resource = defineResource({
    name: 'probe',
    title: 'Probe',
    description: 'Of a thing.',
    uri: 'mcp-vitals://probe/{thing}{?deep}',
    mimeType: 'text/plain',
    read: async ({ thing, deep }) => `${thing} ${deep ?? ''}`,
  });
  expect(resourcesMarkdown([resource]).split('\n').at(-1)).toBe(
    '| `mcp-vitals://probe/{thing}{?deep}` | `text/plain` | Probe. Of a thing. |',
  );
});

it('lists prompts with their arguments', () => {
  const prompt = definePrompt({
    name: 'probe',
    title: 'Probe?',
    description: 'Asks.',
    arguments: [
      { name: 'a', description: 'One.' },
      { name: 'b', description: 'Two.' },
    ],
    ask: async ({ a, b }) => `${a} ${b}`,
  });
  expect(promptsMarkdown([prompt]).split('\n').at(-1)).toBe('| `probe`, "Probe?" | `a`: One.<br>`b`: Two. | Asks. |');
});
