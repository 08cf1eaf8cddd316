/** What an alert tells people: a summary, a sentence, where to look and what to do. */

export interface Said {
  summary: string;
  description: string;
}

/** @param subject what the labels of the alert name: a tool of a server, a server, or nothing */
export type Annotate = (alert: string, subject: 'tool' | 'server' | 'none', said: Said) => Record<string, string>;

/**
 * Names reach addresses and sentences as labels, through the template, and never as part of it.
 * @param pageUrl of the collector's page, without a slash at its end
 * @param docsUrl where docs/prometheus-rules.md is published; absent: the collector's page of alerts stands for it
 */
export function annotations(pageUrl: string, docsUrl: string | undefined): Annotate {
  const pages = {
    tool: `${pageUrl}/tool?server={{ urlquery $labels.server }}&name={{ urlquery $labels.tool }}`,
    server: `${pageUrl}/server?name={{ urlquery $labels.server }}`,
    none: `${pageUrl}/alerts`,
  };
  return (alert, subject, said) => ({
    ...said,
    dashboard_url: pages[subject],
    runbook_url: docsUrl === undefined ? `${pageUrl}/alerts` : `${docsUrl}#${alert.toLowerCase()}`,
  });
}
