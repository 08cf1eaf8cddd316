/** A resource is one definition; its file is the only place that knows its address and its words. */
import type { AskContext } from '../askTool.ts';
import type { Completer } from '../knownNames.ts';
import type { PathNames, QueryNames, UriVariables } from './uriTemplate.ts';

export interface ResourceDefinition {
  name: string;
  title: string;
  description: string;
  /** An address, or a template of addresses; see `uriTemplate.ts`. */
  uri: string;
  mimeType: string;
  /** For the extension's sake; the same in the list and in the answer. */
  meta?: Record<string, unknown>;
  /** It is the same for everybody and for as long as the process runs. */
  isConstant?: boolean;
  /** By variable of the template. */
  complete?: Readonly<Record<string, Completer | undefined>>;
  /** @throws VitalsError `invalid` or `not_found`, ProtocolError where a tool refuses */
  read(variables: Readonly<Record<string, string>>, context: AskContext): Promise<string>;
}

interface TypedResource<Uri extends string> extends Omit<ResourceDefinition, 'uri' | 'read' | 'complete'> {
  uri: Uri;
  complete?: Partial<Record<PathNames<Uri> | QueryNames<Uri>, Completer>>;
  read(variables: UriVariables<Uri>, context: AskContext): Promise<string>;
}

/** Gives the definition its types: `read` is handed the variables that the address names. */
export function defineResource<const Uri extends string>(definition: TypedResource<Uri>): ResourceDefinition {
  return definition as ResourceDefinition;
}
