/** One call that a caller measured itself, for servers that no SDK can reach. */
import { z } from 'zod';
import { quoteUntrusted } from '../../model/untrusted.ts';
import { isoTime, nameParam } from '../params.ts';
import type { Services } from '../ports/services.ts';
import { scrubMessage } from '../scrub.ts';
import { defineTool } from './defineTool.ts';

/** A call of more than a week is a mistaken unit or a clock that jumped. */
const MAX_DURATION_MS = 7 * 86_400_000;
const MAX_MESSAGE_LENGTH = 100_000;

const usage = z.number().min(0);

export const trackPerformance = defineTool({
  name: 'track_performance',
  title: 'Track performance',
  description: 'Record one finished tool call. Servers with the SDK record themselves.',
  scope: 'ingest',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
  input: z.strictObject({
    mcpServer: nameParam,
    toolName: nameParam,
    duration: z.number().min(0).max(MAX_DURATION_MS).describe('ms'),
    success: z.boolean(),
    errorMessage: z.string().max(MAX_MESSAGE_LENGTH).optional().describe('Stored scrubbed, shortened'),
    resourceUsage: z
      .strictObject({
        cpu: usage.describe('%'),
        memory: usage.describe('MB'),
        diskIO: usage.describe('KB'),
      })
      .optional(),
  }),
  output: z.object({
    success: z.boolean(),
    metricId: z.string(),
    timestamp: z.string(),
    stored: z.boolean(),
  }),

  async run(
    { mcpServer, toolName, duration, success, errorMessage, resourceUsage },
    { track }: Pick<Services, 'track'>,
  ) {
    const { metricId, atMs, stored, reason } = await track({
      server: mcpServer,
      tool: toolName,
      durationMs: duration,
      success,
      errorMessage: errorMessage === undefined ? undefined : scrubMessage(errorMessage),
      resources: resourceUsage && {
        cpuPercent: resourceUsage.cpu,
        memoryMb: resourceUsage.memory,
        diskIoKb: resourceUsage.diskIO,
      },
    });
    const subject = `${quoteUntrusted(toolName)} of ${quoteUntrusted(mcpServer)}`;
    return {
      structured: { success: stored, metricId, timestamp: isoTime(atMs), stored },
      text: stored
        ? `Stored: ${subject}, ${duration} ms, ${success ? 'ok' : 'failed'}.`
        : `Not stored: ${subject}. ${reason ?? 'The store does not accept data now; its log says why.'}`,
    };
  },
});
