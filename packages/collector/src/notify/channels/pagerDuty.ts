/** PagerDuty events: an alert is one incident there, known by its id here, from its creation to its end. */
import type { Message, Notification } from '../../model/notification.ts';
import type { Content } from '../content.ts';
import type { Channel } from './channel.ts';
import { postJson } from './postJson.ts';

/** PagerDuty's own limit. */
const MAX_SUMMARY = 1_024;

const ACTION: Record<string, string> = { acknowledged: 'acknowledge', cleared: 'resolve', resolved: 'resolve' };

export function pagerDuty(url: string, routingKey: string): Channel {
  return {
    send: (notification, content, signal) =>
      postJson(url, JSON.stringify(pagerDutyBody(routingKey, notification, content)), {}, signal),
  };
}

export function pagerDutyBody(
  routingKey: string,
  { id, message }: Notification,
  { severity, title, facts, notes }: Content,
) {
  return {
    routing_key: routingKey,
    event_action: message.kind === 'alert' ? (ACTION[message.change] ?? 'trigger') : 'trigger',
    dedup_key: message.kind === 'alert' ? message.alert.alertId : id,
    payload: {
      summary: title.slice(0, MAX_SUMMARY),
      severity,
      source: sourceOf(message),
      custom_details: { ...Object.fromEntries(facts), notes: notes.join('\n') },
    },
  };
}

function sourceOf(message: Message): string {
  return message.kind === 'alert' ? message.alert.server : 'mcp-vitals';
}
