/**
 * A webhook of one's own: the message as JSON. With a secret each request is signed, so that the receiver can tell that it is
 * ours and not a repeat: `x-mcp-vitals-signature: t=SECONDS,v1=HEX`, HMAC-SHA256 of `SECONDS.BODY`.
 */
import { createHmac } from 'node:crypto';
import type { Channel } from './channel.ts';
import { postJson } from './postJson.ts';

export interface WebhookOptions {
  url: string;
  secret: string | undefined;
  headers: Readonly<Record<string, string>>;
  nowMs(): number;
}

export function webhook({ url, secret, headers, nowMs }: WebhookOptions): Channel {
  return {
    send({ id, message }, content, signal) {
      const body = JSON.stringify({ id, title: content.title, ...message });
      const seconds = Math.floor(nowMs() / 1000);
      return postJson(
        url,
        body,
        {
          ...headers,
          'idempotency-key': id,
          ...(secret !== undefined && { 'x-mcp-vitals-signature': signatureOf(body, secret, seconds) }),
        },
        signal,
      );
    },
  };
}

export function signatureOf(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
