/**
 * The document as Markdown. When the report was asked for as HTML or JSON, the view asks for the same one as Markdown:
 * a document of another kind would have to be run in a frame of its own, which clients do not allow.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Host } from '../host.ts';
import { isReport, type ReportAnswer } from '../results.ts';

export interface MarkdownDocument {
  markdown?: string;
  isLoading?: boolean;
  note?: string;
}

const isMarkdown = (document: string): boolean => document.startsWith('# ');

export function useMarkdown(host: Host, { report, summary }: ReportAnswer): MarkdownDocument {
  const [asked, setAsked] = useState<MarkdownDocument>({ isLoading: true });
  const isShown = isMarkdown(report);
  useEffect(() => {
    if (isShown || !host.canCallTools) return;
    const [startTime, endTime] = summary.period.split('/');
    host.callTool('generate_performance_report', { startTime, endTime, ...host.args(), format: 'markdown' }).then(
      (answer) => setAsked(isReport(answer) ? { markdown: answer.report } : {}),
      (error: Error) => setAsked({ note: `The document cannot be shown: ${error.message}` }),
    );
  }, [host, isShown, summary.period]);
  if (isShown) return { markdown: report };
  if (!host.canCallTools) return { note: 'The document is not Markdown; the answer of the tool holds it.' };
  return asked;
}
