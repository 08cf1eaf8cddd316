/** What the collector writes into a report is what the view reads out of it, whatever names there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code } from '../../packages/collector/src/report/names.ts';
import { parseInline, parseReport, plain } from '../../packages/dashboard/views/report/parseMarkdown.ts';

const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('|', '`', '``', '\\', '# a', '\n\n## b', '- c', '<img src=x onerror=alert(1)>', '**d**', ' ', ''),
);

/** What stands between the backticks. */
const shown = (text: string) => code(text).slice(1, -1);

describe('a name in a report', () => {
  it('is one code span in running text', () => {
    fc.assert(
      fc.property(name, name, (tool, server) => {
        expect(parseInline(`Look at ${code(tool)} of ${code(server)}.`)).toEqual([
          { kind: 'text', text: 'Look at ' },
          { kind: 'code', text: shown(tool) },
          { kind: 'text', text: ' of ' },
          { kind: 'code', text: shown(server) },
          { kind: 'text', text: '.' },
        ]);
      }),
    );
  });

  it('is one cell of a table, and changes nothing around it', () => {
    fc.assert(
      fc.property(name, (tool) => {
        const markdown = `# Title\n\n## One\n\n| Tool | Calls |\n| --- | --- |\n| ${code(tool)} | 3 |\n\n- ${code(tool)}\n\n### ${code(tool)}\n\n## Two\n\nNone.\n`;
        const { title, sections } = parseReport(markdown);
        expect([plain(title), ...sections.map((section) => plain(section.title))]).toEqual(['Title', 'One', 'Two']);
        expect(sections[0]!.blocks).toEqual([
          {
            kind: 'table',
            head: [[{ kind: 'text', text: 'Tool' }], [{ kind: 'text', text: 'Calls' }]],
            rows: [[[{ kind: 'code', text: shown(tool) }], [{ kind: 'text', text: '3' }]]],
          },
          { kind: 'list', items: [[{ kind: 'code', text: shown(tool) }]] },
          { kind: 'heading', text: [{ kind: 'code', text: shown(tool) }] },
        ]);
      }),
    );
  });
});
