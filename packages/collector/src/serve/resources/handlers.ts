/** `resources/list`, `resources/templates/list` and `resources/read`, from the definitions. */
import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { quoteUntrusted } from '../../model/untrusted.ts';
import { type AskContext, protocolError } from '../askTool.ts';
import type { ResourceDefinition } from './defineResource.ts';
import { findResource, RESOURCES } from './index.ts';
import { isTemplate } from './uriTemplate.ts';

const MAX_URI_LENGTH = 200;

function described({ name, title, description, mimeType, meta }: ResourceDefinition) {
  return { name, title, description, mimeType, ...(meta && { _meta: meta }) };
}

export const RESOURCE_LIST: ListResourcesResult = {
  resources: RESOURCES.filter(({ uri }) => !isTemplate(uri)).map((one) => ({ uri: one.uri, ...described(one) })),
};

export const RESOURCE_TEMPLATE_LIST: ListResourceTemplatesResult = {
  resourceTemplates: RESOURCES.filter(({ uri }) => isTemplate(uri)).map((one) => ({
    uriTemplate: one.uri,
    ...described(one),
  })),
};

/**
 * @param constantTtlMs how long a client may keep what does not change
 * @throws ProtocolError
 */
export async function readResource(
  uri: string,
  context: AskContext,
  constantTtlMs: number,
  onError: (error: unknown) => void,
): Promise<ReadResourceResult> {
  const found = findResource(uri);
  if (found === undefined) {
    throw new ResourceNotFoundError(uri, `There is no resource ${quoteUntrusted(uri, MAX_URI_LENGTH)}`);
  }
  const { mimeType, meta, isConstant } = found.resource;
  try {
    const text = await found.resource.read(found.variables, context);
    const contents = [{ uri, mimeType, text, ...(meta && { _meta: meta }) }];
    return { contents, ...(isConstant && { ttlMs: constantTtlMs, cacheScope: 'public' }) };
  } catch (error) {
    throw protocolError(error, onError);
  }
}
