/**
 * A guide is a page whose commands a reader types one after another. Each of its ```sh blocks is run as it stands, in the
 * order of the page, by one user in an empty home directory. Where a block is something else than "run this and go on",
 * an HTML comment on the line before says so, which readers of the page do not see:
 *
 * - `<!-- goes on: TEXT -->` it stays in the foreground of a terminal of its own; it is ready once it has printed TEXT
 * - `<!-- exits with: N -->` its exit code is N
 * - `<!-- until: TEXT -->` it is typed again until it prints TEXT: what it asks for takes its time
 * - `<!-- not run: REASON -->` it needs what is not there, e.g. Docker
 * - `<!-- file: PATH -->` before a block in another language: its content is that file in the home directory
 */

export type BlockMode =
  | { kind: 'run'; exitCode: number }
  | { kind: 'goesOn'; readyText: string }
  | { kind: 'until'; wantedText: string }
  | { kind: 'notRun'; reason: string }
  | { kind: 'file'; path: string };

export interface GuideBlock {
  /** Of what is in it, counted from 1. */
  line: number;
  text: string;
  mode: BlockMode;
}

const FENCE = /^```(\S*)/;
const MARK = /^<!-- (goes on|exits with|until|not run|file): (.+) -->$/;

/** The blocks of a page that its reader has to do something with, in its order. @throws Error for a block that does not end */
export function readGuide(markdown: string): GuideBlock[] {
  const lines = markdown.split('\n');
  const blocks: GuideBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const language = FENCE.exec(lines[at]!)?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end === -1) throw new Error(`the block at line ${at + 1} does not end`);
    const mode = modeOf(lines[at - 1] ?? '');
    if (language === 'sh' || mode.kind === 'file') {
      blocks.push({ line: at + 2, text: lines.slice(at + 1, end).join('\n'), mode });
    }
    at = end;
  }
  return blocks;
}

function modeOf(mark: string): BlockMode {
  const [, word, text = ''] = MARK.exec(mark) ?? [];
  if (word === 'goes on') return { kind: 'goesOn', readyText: text };
  if (word === 'file') return { kind: 'file', path: text };
  if (word === 'until') return { kind: 'until', wantedText: text };
  if (word === 'not run') return { kind: 'notRun', reason: text };
  return { kind: 'run', exitCode: word === undefined ? 0 : Number(text) };
}
