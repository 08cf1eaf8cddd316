/** A finding as tools and routes answer with it. */
import { z } from 'zod';
import type { Bottleneck } from '../../../model/bottleneck.ts';
import { rounded } from '../rounded.ts';

/** What one reads first; the rest is in docs/bottlenecks.md, because models read this in every conversation. */
export const bottleneckShape = z.looseObject({
  cause: z.string(),
  severity: z.string(),
  confidence: z.number().describe('0 to 1'),
  shareOfTimePercent: z.number().nullable(),
  mcpServer: z.string(),
  tools: z.array(z.string()),
  evidence: z.array(z.looseObject({})),
});

export function presentedBottleneck({ server, ...finding }: Bottleneck): z.output<typeof bottleneckShape> {
  const { confidence, shareOfTimePercent, evidence } = finding;
  return {
    ...finding,
    mcpServer: server,
    confidence: rounded(confidence),
    shareOfTimePercent: shareOfTimePercent === null ? null : rounded(shareOfTimePercent),
    evidence: evidence.map((item) => ({ ...item, value: rounded(item.value) })),
  };
}
