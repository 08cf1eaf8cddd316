/** Settings of what others send by OTLP. */
import { z } from 'zod';
import { count } from './fields.ts';

export const otlpSchema = z
  .strictObject({
    maxBodyKb: count.default(4096).describe('Largest body of `POST /v1/metrics` as it comes, in KB.'),
    maxInflatedKb: count.default(8192).describe('Largest body once it is inflated, in KB.'),
    maxSources: count
      .default(1000)
      .describe('Processes that send OTLP metrics, of the last day; points of further ones are rejected.'),
    maxStreams: count
      .default(2000)
      .describe('Streams of one process: combinations of metric and attributes; points of further ones are rejected.'),
    workspaceAttribute: z
      .string()
      .min(1)
      .default('mcp_vitals.workspace')
      .describe(
        'Attribute of a resource that names its workspace; `service.namespace` where that is what teams are told apart by.',
      ),
    metrics: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Names of further gauges and sums to keep as metrics of the server, with `*` for anything; others are passed over.',
      ),
  })
  .prefault({});
