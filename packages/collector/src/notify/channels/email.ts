/** E-mail by SMTP. nodemailer folds and encodes headers; what goes into the HTML is escaped here. */
import { createTransport, type SendMailOptions } from 'nodemailer';
import { escapeHtml } from '../../model/escape.ts';
import type { Notification } from '../../model/notification.ts';
import { type Content, plainText } from '../content.ts';
import type { Channel } from './channel.ts';
import { DeliveryError } from './channel.ts';

export interface EmailOptions {
  host: string;
  port: number;
  secure: boolean;
  user: string | undefined;
  password: string | undefined;
  from: string;
  to: readonly string[];
  timeoutMs: number;
}

/** The answer of a server to a message that it will never take. */
const PERMANENT = 500;

export function email({ host, port, secure, user, password, from, to, timeoutMs }: EmailOptions): Channel {
  return {
    async send(notification, content, signal) {
      const transport = createTransport({
        host,
        port,
        secure,
        ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const abort = () => transport.close();
      signal.addEventListener('abort', abort);
      try {
        await transport.sendMail(mailOf(notification, content, from, to));
      } catch (error) {
        throw asDeliveryError(error);
      } finally {
        signal.removeEventListener('abort', abort);
        transport.close();
      }
    },
  };
}

export function mailOf(
  { id, message }: Notification,
  content: Content,
  from: string,
  to: readonly string[],
): SendMailOptions {
  const isReport = message.kind === 'report';
  return {
    from,
    to: [...to],
    subject: oneLine(content.title),
    // Known again when it comes twice; one alert is one conversation.
    messageId: `<${id.replace(/[^\w.-]/g, '-')}@mcp-vitals.invalid>`,
    ...(message.kind === 'alert' && { references: `<${message.alert.alertId}@mcp-vitals.invalid>` }),
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: isReport ? message.markdown : plainText(content),
    html: isReport ? message.html : htmlOf(content),
  };
}

function htmlOf({ title, facts, notes }: Content): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th align="left">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    `<h2>${escapeHtml(title)}</h2>`,
    `<table>${rows.join('')}</table>`,
    ...notes.map((note) => `<p>${escapeHtml(note)}</p>`),
  ].join('\n');
}

/** A line break in a subject would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function asDeliveryError(error: unknown): unknown {
  const { responseCode, command, message } = error as { responseCode?: number; command?: string; message?: string };
  if (responseCode === undefined) return error;
  // Being refused at the door is about the settings; being refused the message is about the message.
  const isOfMessage = command === 'DATA' || command === undefined;
  return new DeliveryError(
    `the mail server answered ${responseCode}: ${message}`,
    responseCode >= PERMANENT && isOfMessage,
  );
}
