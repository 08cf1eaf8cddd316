/** From bytes to tokens, and from tokens to money. */
import type { Config } from '../../config/schema.ts';

export type CostConfig = Config['cost'];

const MILLION = 1_000_000;

/** An estimate: how many bytes a token has depends on the text and on the model, see `docs/cost.md`. */
export function tokensOf(bytes: number, { bytesPerToken }: Pick<CostConfig, 'bytesPerToken'>): number {
  return bytes / bytesPerToken;
}

/** By name of the model; empty where there are no prices. Each token is counted as read once. */
export function pricesOf(tokens: number, { prices }: Pick<CostConfig, 'prices'>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(prices).map(([model, perMillion]) => [model, (tokens * perMillion) / MILLION]),
  );
}
