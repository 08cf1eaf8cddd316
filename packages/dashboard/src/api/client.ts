/**
 * The one way to the collector: the JSON API, with types that are generated from its document. The session's cookie comes
 * along by itself.
 */
import createClient from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';
import { withWorkspace } from './workspace.ts';

type Shapes = components['schemas'];
export type Overview = Shapes['Overview'];
export type ServerOverview = Shapes['ServerOverview'];
export type Change = Shapes['Change'];
export type ToolStats = Shapes['ToolStats'];
export type CallStats = Shapes['CallStats'];
export type Alert = Shapes['Alert'];
export type Anomaly = Shapes['Anomaly'];
export type Timeline = Shapes['Timeline'];
export type Distribution = Shapes['Distribution'];
export type Resources = Shapes['Resources'];
export type Threshold = Shapes['Threshold'];
export type AlertRule = Shapes['AlertRule'];
export type Objective = Shapes['Objective'];
export type Silence = Shapes['Silence'];
export type Health = Shapes['Health'];
export type AnalysisDashboard = Shapes['AnalysisDashboard'];
export type Finding = Shapes['Finding'];
export type Forecast = Shapes['Forecast'];
export type CostReport = Shapes['CostReport'];
export type ToolCost = Shapes['ToolCost'];
export type ReplicaAdvice = Shapes['ReplicaAdvice'];
export type PolicyInForce = Shapes['PolicyInForce'];
export type BenchmarkResult = Shapes['BenchmarkResult'];
export type AuditEntry = Shapes['AuditEntry'];

export const api = createClient<paths>({ baseUrl: '/api/v1' });

api.use({
  async onRequest({ request }) {
    const address = withWorkspace(request.url);
    if (address === request.url) return undefined;
    const { method, headers, signal } = request;
    // As text: a request that is copied with its body has that as a stream, which HTTP/1.1 cannot send.
    const body = method === 'GET' ? null : await request.text();
    return new Request(address, { method, headers, signal, body });
  },
});

/** What went wrong, in the collector's words. */
export class ApiFailure extends Error {
  constructor(
    /** HTTP status; 0 when nobody answered. */
    readonly status: number,
    message: string,
    readonly hint: string | undefined = undefined,
  ) {
    super(message);
  }
}

/**
 * The data of an answer.
 * @throws ApiFailure, or what ended the request when it was given up
 */
export async function answered<Data>(
  asking: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error, response } = await asking.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiFailure(0, 'The collector does not answer');
  });
  if (response.ok && data !== undefined && data !== null) return data;
  const { message, hint } = (error ?? {}) as { message?: string; hint?: string };
  throw new ApiFailure(response.status, message ?? `The collector answered ${response.status}`, hint);
}

/** Calls one of the MCP tools. @throws ApiFailure, also where the tool refused */
export async function callTool(name: ToolName, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const result = await answered(api.POST('/tools/{name}', { params: { path: { name } }, body: args as never }));
  // Lines are for those who ask for them by their `accept` header.
  if (typeof result === 'string') throw new ApiFailure(200, 'The collector answered in lines');
  if (result.isError) {
    const [first] = result.content as { text?: string }[];
    throw new ApiFailure(400, first?.text ?? 'The tool refused');
  }
  return result.structuredContent ?? {};
}

export type ToolName = paths['/tools/{name}']['post']['parameters']['path']['name'];
