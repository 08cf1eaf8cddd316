/** Teams workflows ("post to a channel when a webhook request is received"): an adaptive card, whose texts are a subset of Markdown. */
import { escapeMarkdown } from '../../model/escape.ts';
import type { Content } from '../content.ts';
import type { Channel } from './channel.ts';
import { postJson } from './postJson.ts';

const COLOR = { info: 'good', warning: 'warning', critical: 'attention' } as const;

export function teams(url: string): Channel {
  return { send: (_notification, content, signal) => postJson(url, JSON.stringify(teamsBody(content)), {}, signal) };
}

export function teamsBody({ severity, title, facts, notes }: Content) {
  const text = (shown: string, more = {}) => ({ type: 'TextBlock', text: escapeMarkdown(shown), wrap: true, ...more });
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            text(title, { weight: 'bolder', size: 'medium', color: COLOR[severity] }),
            ...(facts.length > 0
              ? [
                  {
                    type: 'FactSet',
                    facts: facts.map(([name, value]) => ({ title: name, value: escapeMarkdown(value) })),
                  },
                ]
              : []),
            ...notes.map((note) => text(note)),
          ],
        },
      },
    ],
  };
}
