/** Slack webhooks. Texts are `plain_text`, in which nothing is markup; the fallback text is escaped and not formatted. */
import type { Content } from '../content.ts';
import type { Channel } from './channel.ts';
import { postJson } from './postJson.ts';

/** Slack's own limits. */
const MAX_HEADER = 150;
const MAX_TEXT = 3_000;
const MAX_FIELDS = 10;

const MARK = { info: '✅', warning: '⚠️', critical: '🚨' } as const;

export function slack(url: string): Channel {
  return { send: (_notification, content, signal) => postJson(url, JSON.stringify(slackBody(content)), {}, signal) };
}

export function slackBody({ severity, title, facts, notes }: Content) {
  const fields = facts.slice(0, MAX_FIELDS).map(([name, value]) => plain(`${name}: ${value}`, MAX_TEXT));
  const header = `${MARK[severity]} ${title}`;
  return {
    text: escaped(header),
    mrkdwn: false,
    unfurl_links: false,
    blocks: [
      { type: 'header', text: plain(header, MAX_HEADER) },
      ...(fields.length > 0 ? [{ type: 'section', fields }] : []),
      ...notes.map((note) => ({ type: 'section', text: plain(note, MAX_TEXT) })),
    ],
  };
}

function plain(text: string, maxLength: number) {
  const shown = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
  return { type: 'plain_text', text: shown, emoji: false };
}

/** The three characters that Slack reads as markup: with them go links, mentions and `<!channel>`. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
