/** The files that follow from the definitions of the JSON API: its document, and the types that the page uses. */
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { openApiDocument } from '../../packages/collector/src/serve/api/openApi.ts';

/** The API is versioned by its path; the collector's version would change the file with every release. */
const DOCUMENT_VERSION = '1';

/** `docs/openapi.json`. */
export function openApiJson(): string {
  return `${JSON.stringify(openApiDocument(DOCUMENT_VERSION), null, 2)}\n`;
}

/** `packages/dashboard/src/api/schema.d.ts`. */
export async function apiTypes(): Promise<string> {
  const ast = await openapiTS(JSON.parse(openApiJson()) as OpenAPI3, { alphabetize: true, defaultNonNullable: false });
  return `/** Generated from docs/openapi.json by \`npm run docs\`; do not edit. */\n${astToString(ast)}`;
}
