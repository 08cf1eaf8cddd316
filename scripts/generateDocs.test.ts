import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createProgram } from '../packages/collector/src/cli/program.ts';
import { defineTool } from '../packages/collector/src/serve/tools/defineTool.ts';
import { cliMarkdown } from './docs/cliMarkdown.ts';
import { settingsMarkdown } from './docs/settingsMarkdown.ts';
import { toolsMarkdown } from './docs/toolsMarkdown.ts';
import { updatePages } from './generateDocs.ts';

describe('updatePages', () => {
  it('finds the pages as the code has them', async () => {
    expect(await updatePages(false)).toEqual([]);
  });
});

describe('cliMarkdown', () => {
  it('has every command with an example, and options that most take only once', async () => {
    const program = await createProgram([]);
    const markdown = cliMarkdown(program);
    for (const command of program.commands) {
      const [, section] = markdown.split(`## mcp-vitals ${command.name()}\n`);
      expect(section, command.name()).toMatch(new RegExp(`Examples:\n {2}mcp-vitals ${command.name()}`));
    }
    expect(markdown).toContain('### mcp-vitals alerts silence\n');
    expect(markdown.match(/--log-level/g)).toHaveLength(1);
  });
});

describe('settingsMarkdown', () => {
  it('has a table per section', () => {
    const setting = (path: string, defaultValue: unknown) => ({
      path,
      environment: path.toUpperCase(),
      description: `Of ${path}.`,
      defaultValue,
    });
    expect(settingsMarkdown([setting('port', 1), setting('hosts', []), setting('limits.calls', true)])).toBe(`## General

| setting | environment | default | meaning |
| --- | --- | --- | --- |
| \`port\` | \`PORT\` | \`1\` | Of port. |
| \`hosts\` | \`HOSTS\` | none | Of hosts. |

## \`limits\`

| setting | environment | default | meaning |
| --- | --- | --- | --- |
| \`limits.calls\` | \`LIMITS.CALLS\` | \`true\` | Of limits.calls. |`);
  });
});

describe('toolsMarkdown', () => {
  it('shows parameters as a table and the answer as a type', () => {
    const probe = defineTool({
      name: 'probe',
      title: 'Probe',
      description: 'Probes.',
      scope: 'read',
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      input: z.strictObject({
        kind: z.enum(['a', 'b']).default('a'),
        deep: z.strictObject({ ms: z.number().min(0).max(9).describe('How long') }).optional(),
      }),
      output: z.object({
        rows: z.array(z.object({ n: z.number().describe('%') })),
        by: z.record(z.string(), z.string()).optional(),
      }),
      run: async () => ({ structured: { rows: [] }, text: '' }),
    });
    expect(toolsMarkdown([probe])).toBe(`## probe

Probes. Reads only; needs a token of scope \`read\`.

| parameter | type | default | |
| --- | --- | --- | --- |
| \`kind\` | \`a\`, \`b\` | \`a\` |  |
| \`deep\` | object | optional |  |
| \`deep.ms\` | number | required | How long; at least 0; at most 9 |

Returns:

\`\`\`ts
{
  rows: Array<{
    n: number; // %
  }>;
  by?: Record<string, string>;
}
\`\`\``);
  });
});
