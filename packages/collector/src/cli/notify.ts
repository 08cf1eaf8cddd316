/** `mcp-vitals notify`: the channels that notifications go to, and whether one works. */
import type { Command } from 'commander';
import type { ConfigFlags } from '../config/load.ts';
import { askOwnCollector } from '../daemon/askCollector.ts';
import { visibleText } from '../model/visibleText.ts';
import type { ChannelStatus } from '../serve/ports/outgoing.ts';
import { configOf, withConfigOptions } from './configOptions.ts';

/** A channel may take as long as its own time-out, and more is the collector's fault. */
const SPARE_MS = 5_000;

export function notifyCommand(program: Command): void {
  const notify = program.command('notify').description('see where notifications go, and try a channel');
  withConfigOptions(notify.command('status').description('list the channels and what waits for them')).action(
    async (flags: ConfigFlags) => {
      const { dataDir } = configOf(flags).config;
      const { channels } = await askOwnCollector(dataDir, 'GET', '/api/v1/channels', { scope: 'read' });
      console.log(describeChannels(channels as ChannelStatus[]));
    },
  );
  withConfigOptions(
    notify.command('test').description('send a message to a channel now').argument('<channel>', 'its name'),
  ).action(async (channel: string, flags: ConfigFlags) => {
    const { dataDir, notifications } = configOf(flags).config;
    const path = `/api/v1/channels/${encodeURIComponent(channel)}/test`;
    const timeoutMs = notifications.timeoutSeconds * 1000 + SPARE_MS;
    await askOwnCollector(dataDir, 'POST', path, { scope: 'admin', timeoutMs });
    console.log('Sent: the channel has taken it.');
  });
}

export function describeChannels(channels: readonly ChannelStatus[]): string {
  if (channels.length === 0) return 'No channels are configured; see the setting `notifications.channels`.';
  return channels
    .map(({ name, waiting, failures, error, counts }) => {
      const state =
        failures === 0 ? 'works' : `failed ${failures} times, the last time: ${visibleText(error ?? '', 200)}`;
      const done = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome.replace('_', ' ')}`);
      return `${name}: ${state}; ${waiting} waiting, ${done.join(', ')}`;
    })
    .join('\n');
}
