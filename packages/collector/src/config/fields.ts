/** What several areas of settings hold: numbers, names, and what may be a reference to a secret. */
import { z } from 'zod';

export const positive = z.number().positive();
export const count = z.number().int().min(1);
export const name = z.string().min(1);
export const severity = z.enum(['warning', 'critical']);

/** A name in which `*` stands for anything. */
export const pattern = z.string().min(1).max(200);

/** `env:NAME` or `file:/path` is read when the collector starts, so that no secret needs to stand in a file of settings. */
export const secret = z.string().min(1);

export const url = z
  .string()
  .refine(
    (text) => /^(env|file):/.test(text) || /^https?:\/\//.test(text),
    'must be an http(s) URL, env:NAME or file:/path',
  );
