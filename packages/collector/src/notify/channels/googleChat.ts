/** Google Chat webhooks: a card, whose texts are a small subset of HTML. */
import { escapeHtml } from '../../model/escape.ts';
import type { Content } from '../content.ts';
import type { Channel } from './channel.ts';
import { postJson } from './postJson.ts';

export function googleChat(url: string): Channel {
  return {
    send: ({ id }, content, signal) => postJson(url, JSON.stringify(googleChatBody(id, content)), {}, signal),
  };
}

export function googleChatBody(id: string, { title, facts, notes }: Content) {
  const rows = facts.map(([label, value]) => ({
    decoratedText: { topLabel: escapeHtml(label), text: escapeHtml(value) },
  }));
  const paragraphs = notes.map((note) => ({ textParagraph: { text: escapeHtml(note).replaceAll('\n', '<br>') } }));
  const widgets = [...rows, ...paragraphs];
  return {
    cardsV2: [
      {
        cardId: id,
        card: {
          header: { title: 'mcp-vitals' },
          sections: [{ header: escapeHtml(title), ...(widgets.length > 0 && { widgets }) }],
        },
      },
    ],
  };
}
