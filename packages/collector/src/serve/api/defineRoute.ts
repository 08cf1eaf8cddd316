/**
 * A route of the JSON API is one definition, like a tool: its path, who may use it, what it takes and answers. The server
 * mounts them, `docs/openapi.json` is generated from them, and the page's types from that.
 */
import type { z } from 'zod';
import type { AuditedChange } from '../../model/audit.ts';
import type { Services } from '../ports/services.ts';
import type { Scope } from '../toolBackend.ts';

/** What routes use of the collector. */
export type ApiServices = Omit<Services, 'track'>;

type Fields = z.ZodObject;

export interface RouteInput<Query extends Fields, Body extends Fields> {
  /** Values of the placeholders in the path, decoded. */
  path: Record<string, string>;
  query: z.output<Query>;
  body: z.output<Body>;
}

export interface RouteDefinition<
  Query extends Fields = Fields,
  Body extends Fields = Fields,
  Answer extends Fields = Fields,
> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, placeholders in braces: `/anomalies/{id}`. */
  path: string;
  summary: string;
  /** What it is listed under. */
  group: string;
  scope: Scope;
  query?: Query;
  body?: Body;
  answer: Answer;
  /** What of a request that went well is written down; absent where nothing changes. */
  audit?(input: RouteInput<Query, Body>, answer: z.input<Answer>): AuditedChange;
  /** @throws VitalsError, answered with its status */
  run(input: RouteInput<Query, Body>, services: ApiServices): Promise<z.input<Answer>>;
}

/** Gives the definition its types; there is nothing else to it. */
export function defineRoute<Answer extends Fields, Query extends Fields = Fields, Body extends Fields = Fields>(
  definition: RouteDefinition<Query, Body, Answer>,
): RouteDefinition<Query, Body, Answer> {
  return definition;
}
