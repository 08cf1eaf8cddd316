/** Channels made of the settings: the one place that knows all of them. */
import { join, resolve } from 'node:path';
import type { ChannelConfig } from '../../config/schema.ts';
import type { Secrets } from '../secrets.ts';
import { checkTemplate, type Json } from '../template.ts';
import type { Channel } from './channel.ts';
import { email } from './email.ts';
import { googleChat } from './googleChat.ts';
import { logFile } from './logFile.ts';
import { type McpAddress, mcpServer } from './mcpServer.ts';
import { pagerDuty } from './pagerDuty.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

export interface ChannelContext {
  dataDir: string;
  secrets: Secrets;
  timeoutMs: number;
  /** Of this program. */
  version: string;
  nowMs(): number;
}

/** @throws VitalsError `invalid` for a secret that cannot be read or a placeholder that does not exist */
export function createChannel(name: string, config: ChannelConfig, context: ChannelContext): Channel {
  const { dataDir, secrets, timeoutMs, version, nowMs } = context;
  const secret = (text: string) => secrets.resolve(text);
  switch (config.type) {
    case 'google-chat':
      return googleChat(secret(config.url));
    case 'slack':
      return slack(secret(config.url));
    case 'teams':
      return teams(secret(config.url));
    case 'webhook':
      return webhook({
        url: secret(config.url),
        secret: config.secret === undefined ? undefined : secret(config.secret),
        headers: resolveAll(config.headers, secrets),
        nowMs,
      });
    case 'pagerduty':
      return pagerDuty(secret(config.url), secret(config.routingKey));
    case 'email':
      return email({
        ...config,
        user: config.user,
        password: config.password === undefined ? undefined : secret(config.password),
        timeoutMs,
      });
    case 'log':
      return logFile(resolve(dataDir, config.file), nowMs);
    case 'mcp':
      checkTemplate(config.arguments as Json);
      return mcpServer({
        name,
        address: addressOf(config.server, secrets),
        tool: config.tool,
        arguments: config.arguments as Record<string, Json>,
        dryRun: config.dryRun,
        auditFile: join(dataDir, 'audit.log'),
        timeoutMs,
        version,
        nowMs,
      });
  }
}

function addressOf(server: Extract<ChannelConfig, { type: 'mcp' }>['server'], secrets: Secrets): McpAddress {
  if ('command' in server) return { ...server, env: resolveAll(server.env, secrets) };
  return { url: secrets.resolve(server.url), headers: resolveAll(server.headers, secrets) };
}

function resolveAll(texts: Readonly<Record<string, string>>, secrets: Secrets): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, secrets.resolve(text)]));
}
