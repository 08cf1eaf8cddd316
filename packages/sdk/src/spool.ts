/** Public names of `@mcp-vitals/sdk/spool`, for the collector: what SDKs could not send before their process ended. */
export { claimSpool } from './transport/spool.ts';
export type { ClaimedSpoolFile } from './transport/transport.ts';
