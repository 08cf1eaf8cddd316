/** The JSON API as an OpenAPI 3.1 document, made of the same schemas that check what is sent. */
import { WORKSPACE_NAME } from '@mcp-vitals/wire/decode';
import { z } from 'zod';
import { HTTP_STATUS } from '../../errors.ts';
import { NDJSON } from '../streamedCalls.ts';
import { ALL_TOOLS } from '../tools/index.ts';
import { WORKSPACE_PARAMETER } from '../workspaceAsked.ts';
import { analysisDocumentQuery } from './analysisDocument.ts';
import type { RouteDefinition } from './defineRoute.ts';
import { ROUTES } from './index.ts';
import { API_PREFIX } from './mount.ts';
import { CONTENT_TYPES, reportQuery } from './report.ts';
import { beginBody, codeBody } from './session.ts';
import { names } from './shapes.ts';

type Json = Record<string, unknown>;

const error = z.object({
  error: z.enum(Object.keys(HTTP_STATUS) as [string, ...string[]]),
  message: z.string(),
  hint: z.string().optional().describe('What can be done about it'),
});

/** Shapes that have a name stand in one place and are referred to. */
const ref = (id: string) => `#/components/schemas/${id}`;

export function openApiDocument(version: string): Json {
  const { schemas } = z.toJSONSchema(names, { uri: ref, io: 'output' });
  const components = Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutMeta(schema)]));
  return {
    openapi: '3.1.1',
    info: {
      title: 'mcp-vitals collector',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'What the page of the collector is made of. Times are ISO 8601 in UTC; durations carry their unit in their names. Tokens are files in the data directory, of growing scope: `ingest`, `read`, `admin`.',
    },
    servers: [{ url: API_PREFIX }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set(ROUTES.map(({ group }) => group)), 'Tools', 'Sessions'].map((name) => ({ name })),
    paths: { ...routePaths(), ...toolPath(), ...sessionPaths(), ...reportPath(), ...analysisPath(), ...streamPath() },
    components: {
      schemas: { ...components, Error: jsonSchema(error, 'output') },
      parameters: {
        workspace: {
          ...{ name: WORKSPACE_PARAMETER, in: 'query', required: false },
          description:
            'Only servers of this workspace, as for a token that is limited to it. Default: all that the token sees',
          schema: { type: 'string', pattern: WORKSPACE_NAME.source },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'mcp_vitals', description: 'Of the page; its name is longer.' },
      },
    },
  };
}

function routePaths(): Json {
  const paths: Record<string, Json> = {};
  for (const route of ROUTES) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = operation(route);
  }
  return paths;
}

function operation({ method, path, summary, group, scope, query, body, answer }: RouteDefinition): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }));
  return {
    operationId: operationId(method, path),
    tags: [group],
    summary,
    description: `Needs a token of scope \`${scope}\`.`,
    parameters: [...inPath, ...(query ? queryParameters(query) : []), WORKSPACE],
    ...(body && { requestBody: { required: true, content: json(jsonSchema(body, 'input')) } }),
    responses: { 200: { description: 'OK', content: json(schemaOf(answer)) }, ...failures },
  };
}

function operationId(method: string, path: string): string {
  const words = path.split('/').map((part) => part.replace(/[{}]/g, '').replace(/-(\w)/g, (_, c) => c.toUpperCase()));
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function queryParameters(query: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: required.includes(name) },
    ...(description !== undefined && { description }),
    schema,
  }));
}

function toolPath(): Json {
  const operation = {
    operationId: 'callTool',
    tags: ['Tools'],
    summary: 'Call one of the MCP tools: the same arguments, the same result',
    description: 'Tools that change something need a token of scope `admin`. `docs/tools.md` has their schemas.',
    parameters: [
      { name: 'name', in: 'path', required: true, schema: { enum: ALL_TOOLS.map(({ name }) => name) } },
      WORKSPACE,
    ],
    requestBody: { required: true, content: json({ type: 'object' }) },
    responses: {
      200: {
        description: 'A result as of `tools/call`; `isError` where the tool refused',
        content: {
          ...json({
            type: 'object',
            properties: {
              content: { type: 'array', items: { type: 'object' } },
              structuredContent: { type: 'object' },
              isError: { type: 'boolean' },
            },
            required: ['content'],
          }),
          // For who accepts it: lines as they come, see docs/analysis.md.
          [NDJSON]: { schema: { type: 'string' } },
        },
      },
      ...failures,
    },
  };
  const cancelling = {
    operationId: 'cancelCall',
    tags: ['Tools'],
    summary: 'End a streamed call with what it has',
    description: 'The first line of the stream has the id. Only who began the call may end it.',
    parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
    responses: {
      200: { description: 'It ends', content: json({ type: 'object', properties: { cancelled: { const: true } } }) },
      ...failures,
    },
  };
  return { '/tools/{name}': { post: operation }, '/calls/{id}': { delete: cancelling } };
}

function sessionPaths(): Json {
  const scope = json({
    type: 'object',
    properties: {
      scope: { enum: ['read', 'admin'] },
      workspace: { type: ['string', 'null'], description: 'The only one that it sees; null: all' },
    },
    required: ['scope', 'workspace'],
  });
  const tags = ['Sessions'];
  const ok = (content: Json) => ({ 200: { description: 'OK', content }, ...failures });
  const object = (property: string, schema: Json) =>
    json({ type: 'object', properties: { [property]: schema }, required: [property] });
  return {
    '/session': {
      get: { operationId: 'getSession', tags, summary: 'What this token or session may do', responses: ok(scope) },
      post: {
        ...{
          operationId: 'beginSession',
          tags,
          summary: 'Trade a one-time code or a token for a cookie',
          security: [],
        },
        requestBody: { required: true, content: json(jsonSchema(beginBody, 'input')) },
        responses: ok(scope),
      },
      delete: {
        ...{ operationId: 'endSession', tags, summary: 'End the session of this browser', security: [] },
        responses: ok(object('ended', { const: true })),
      },
    },
    '/session/codes': {
      post: {
        ...{ operationId: 'createSessionCode', tags, summary: 'Make a one-time code for a browser' },
        description: 'Needs a token of scope `admin`.',
        requestBody: { required: true, content: json(jsonSchema(codeBody, 'input')) },
        responses: ok(object('code', { type: 'string' })),
      },
    },
  };
}

function reportPath(): Json {
  const types = Object.values(CONTENT_TYPES).map((type) => [type, { schema: { type: 'string' } }]);
  const get = {
    ...{ operationId: 'getReport', tags: ['Look'], summary: 'A report, of a period, a day or a week, as a document' },
    description:
      'Without times: the last day, of kind `weekly` the last week. HTML is one file with its charts. Needs a token of scope `read`.',
    parameters: [...queryParameters(reportQuery), WORKSPACE],
    responses: { 200: { description: 'OK', content: Object.fromEntries(types) }, ...failures },
  };
  return { '/reports': { get } };
}

function analysisPath(): Json {
  const content = {
    'text/html; charset=utf-8': { schema: { type: 'string' } },
    'application/pdf': { schema: { type: 'string', format: 'binary' } },
  };
  const get = {
    ...{ operationId: 'getAnalysisDocument', tags: ['Analysis'], summary: 'The analysis dashboard as a document' },
    description:
      'HTML is one file with its charts; a PDF is printed by a Chromium on the machine of the collector, 404 without one. Needs a token of scope `read`.',
    parameters: queryParameters(analysisDocumentQuery),
    responses: { 200: { description: 'OK', content }, ...failures },
  };
  return { '/analysis/document': { get } };
}

function streamPath(): Json {
  const get = {
    ...{
      operationId: 'getStream',
      tags: ['Look'],
      summary: 'Server-sent events: `hello`, then `overview` and `alert`',
    },
    description:
      '`hello` says the collector’s version and when it started; `overview` is the answer of `/overview`, every few seconds; `alert` says that one changed. Needs a token of scope `read`.',
    parameters: [WORKSPACE],
    responses: {
      200: { description: 'OK', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      ...failures,
    },
  };
  return { '/stream': { get } };
}

/** Of every route. */
const WORKSPACE: Json = { $ref: '#/components/parameters/workspace' };

const json = (schema: Json): Json => ({ 'application/json': { schema } });
const failures = { default: { description: 'What was wrong', content: json({ $ref: ref('Error') }) } };

function schemaOf(answer: z.ZodType): Json {
  const id = names.get(answer)?.id;
  return id === undefined ? jsonSchema(answer, 'output') : { $ref: ref(id) };
}

/** Named shapes inside it are referred to. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const made = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema }) {
      const inner = zodSchema as unknown as z.ZodType;
      const id = inner === schema ? undefined : names.get(inner)?.id;
      if (id === undefined) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
      jsonSchema.$ref = ref(id);
    },
  });
  return withoutMeta(made);
}

function withoutMeta({ $schema: _, $id: __, id: ___, ...schema }: Json): Json {
  return schema;
}
