/** The collector itself: its settings and its ways to tell people. */
import { z } from 'zod';
import { defineRoute } from './defineRoute.ts';

export const listSettings = defineRoute({
  method: 'GET',
  path: '/settings',
  summary: 'The settings in force, without secrets',
  group: 'Collector',
  scope: 'read',
  answer: z.object({
    settings: z.array(
      z.object({
        path: z.string(),
        value: z.unknown().describe('JSON; what may hold a secret is shown without it'),
        isDefault: z.boolean(),
        description: z.string(),
        environment: z.string().describe('The environment variable that sets it'),
      }),
    ),
  }),
  run: async (_input, { settings }) => ({ settings: settings.inForce() }),
});

export const listChannels = defineRoute({
  method: 'GET',
  path: '/channels',
  summary: 'Notification channels and how they do',
  group: 'Collector',
  scope: 'read',
  answer: z.object({
    channels: z.array(
      z.object({
        name: z.string(),
        waiting: z.number().int(),
        failures: z.number().int().describe('In a row'),
        error: z.string().optional(),
        counts: z.record(z.string(), z.number().int()),
      }),
    ),
  }),
  run: async (_input, { notifications }) => ({ channels: notifications.status() }),
});

export const listForwarding = defineRoute({
  method: 'GET',
  path: '/forwarding',
  summary: 'Where everything is forwarded to, and how far it has got',
  group: 'Collector',
  scope: 'read',
  answer: z.object({
    destinations: z.array(
      z.object({
        name: z.string().describe('`otlp` or `remoteWrite`'),
        forwardedUntil: z
          .string()
          .optional()
          .describe('Everything before is there; absent until a server has reported'),
        lagMinutes: z.number().int().optional(),
        failures: z.number().int().describe('In a row'),
        failingSeconds: z.number().int().describe('Since the first of them'),
        error: z.string().optional().describe('Why the last try failed'),
        lastRefusal: z.string().optional().describe('What the destination said when it did not take something'),
        counts: z.record(z.string(), z.number()),
      }),
    ),
  }),
  run: async (_input, { forwarding }) => ({ destinations: forwarding.status() }),
});

export const testChannel = defineRoute({
  method: 'POST',
  path: '/channels/{id}/test',
  summary: 'Send a test notification',
  group: 'Collector',
  scope: 'admin',
  answer: z.object({ sent: z.boolean() }),
  audit: ({ path }) => ({
    action: 'channel.tested',
    server: '',
    summary: 'A test notification was sent',
    details: { channel: path.id! },
  }),
  async run({ path }, { notifications }) {
    await notifications.test(path.id!);
    return { sent: true };
  },
});
