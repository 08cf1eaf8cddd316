/**
 * The part of RFC 6570 that our addresses use: `{name}` for one segment of the path and, at the end, `{?name,name}` for
 * parameters that may be absent. Values are percent-encoded, so a name may hold any character, slashes included.
 */

/** Names within the path; each has a value in every address. */
export type PathNames<Uri extends string> = Uri extends `${string}{${infer Name}}${infer Rest}`
  ? Name extends `?${string}`
    ? never
    : Name | PathNames<Rest>
  : never;

/** Names after the question mark. */
export type QueryNames<Uri extends string> = Uri extends `${string}{?${infer Names}}` ? ListedNames<Names> : never;

type ListedNames<Names extends string> = Names extends `${infer Name},${infer Rest}` ? Name | ListedNames<Rest> : Names;

export type UriVariables<Uri extends string> = Record<PathNames<Uri>, string> &
  Partial<Record<QueryNames<Uri>, string>>;

export const isTemplate = (uri: string): boolean => uri.includes('{');

/** Names of all variables. */
export function variableNames(template: string): string[] {
  return [...template.matchAll(/\{\??([^}]+)\}/g)].flatMap(([, names]) => names!.split(','));
}

export function expandUri(template: string, variables: Readonly<Record<string, string | undefined>>): string {
  return template.replace(/\{(\??)([^}]+)\}/g, (_, mark: string, names: string) => {
    if (mark === '') return encoded(variables[names] ?? '');
    const given = names.split(',').filter((name) => variables[name] !== undefined);
    return given.map((name, index) => `${index === 0 ? '?' : '&'}${name}=${encoded(variables[name]!)}`).join('');
  });
}

/** @returns undefined when the address is none of this template */
export function matchUri(template: string, uri: string): Record<string, string> | undefined {
  const [templatePath = '', queryNames] = template.split('{?');
  const [path = '', query] = splitOnce(uri, '?');
  const match = pathPattern(templatePath).exec(path);
  if (match === null || (query !== undefined && queryNames === undefined)) return undefined;
  const allowed = queryNames?.replace('}', '').split(',') ?? [];
  // A parameter that is passed over would answer another question than the one asked.
  const parameters = new URLSearchParams(query?.replaceAll('+', '%2B'));
  if ([...parameters.keys()].some((name) => !allowed.includes(name))) return undefined;
  const values = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decoded(value)] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  return { ...Object.fromEntries(values as [string, string][]), ...Object.fromEntries(parameters) };
}

function pathPattern(path: string): RegExp {
  const pattern = path
    .split(/(\{[^}]+\})/)
    .map((part) => (part.startsWith('{') ? `(?<${part.slice(1, -1)}>[^/?#]+)` : escaped(part)));
  return new RegExp(`^${pattern.join('')}$`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Half a character has no encoding; it is replaced as everywhere on the way. */
const encoded = (value: string): string => encodeURIComponent(value.toWellFormed());

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
