/** A finding as tools and routes answer with it. */
import { z } from 'zod';
import {
  BOTTLENECK_CAUSES,
  BOTTLENECK_RESOLUTIONS,
  BOTTLENECK_SEVERITIES,
  type Bottleneck,
} from '../../../model/bottleneck.ts';
import { rounded } from '../rounded.ts';

export const bottleneckShape = z.object({
  cause: z.enum(BOTTLENECK_CAUSES),
  title: z.string(),
  severity: z.enum(BOTTLENECK_SEVERITIES),
  confidence: z.number().describe('0 to 1'),
  shareOfTimePercent: z.number().nullable().describe('of all calls of the server'),
  mcpServer: z.string(),
  tools: z.array(z.string()),
  instances: z.array(z.string()).describe('empty: all'),
  evidence: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string() })),
  advice: z.array(z.string()),
  consequences: z.array(z.enum(BOTTLENECK_CAUSES)),
  resolution: z.enum(BOTTLENECK_RESOLUTIONS),
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
