/** Settings of what calls cost. */
import { z } from 'zod';
import { count, name, positive } from './fields.ts';

export const costSchema = z
  .strictObject({
    prices: z
      .record(name, z.number().min(0))
      .default({})
      .describe(
        'What a million input tokens costs, by name of the model, e.g. `{"my-model": 3}`; empty: tokens are told, and no price.',
      ),
    currency: z.string().min(1).max(10).default('USD').describe('Of the prices, as it is shown.'),
    bytesPerToken: positive
      .default(4)
      .describe('Bytes of a result that are about one token; `docs/cost.md` says what was measured.'),
    pageTokens: count
      .default(4000)
      .describe('Tokens that a result need not exceed; suggestions say what would be saved if none did.'),
  })
  .prefault({});
