import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_WORKSPACE,
  everyServerOf,
  isPatternWithin,
  matchesServer,
  nameWithin,
  patternWithin,
  qualifiedName,
  readableName,
  splitName,
  workspaceMeant,
  workspaceOf,
} from './workspace.ts';

const workspaces = fc.constantFrom(DEFAULT_WORKSPACE, 'a', 'team-a', '0', 'x'.repeat(39));
/** Names of strangers, with much in them that could be taken for a workspace. */
const hostile = fc
  .array(fc.constantFrom('::', ':', '*', 'a', 'team-a', 'default', '-', ' ', 'É', '\u0000', ''), { maxLength: 6 })
  .map((parts) => parts.join(''));
const names = fc.oneof(fc.string(), hostile);

describe('the name by which a server is known', () => {
  it('is of the workspace that it was sent to, whatever it says', () => {
    fc.assert(
      fc.property(workspaces, names, (workspace, name) => {
        const known = qualifiedName(workspace, name);
        expect(workspaceOf(known)).toBe(workspace);
        expect(workspaceMeant(known)).toBeUndefined();
        // What comes back, e.g. from a journal, is not changed again.
        expect(nameWithin(workspace, known)).toBe(known);
      }),
    );
  });

  it('is what somebody within the workspace means by the short one', () => {
    fc.assert(
      fc.property(workspaces, names, (workspace, name) => {
        const known = qualifiedName(workspace, name);
        const { name: local } = splitName(known);
        fc.pre(!local.includes('::'));
        expect(nameWithin(workspace, local)).toBe(known);
      }),
    );
  });

  it('is none of another workspace', () => {
    fc.assert(
      fc.property(workspaces, workspaces, names, (own, other, name) => {
        fc.pre(own !== other && other !== DEFAULT_WORKSPACE);
        expect(nameWithin(own, qualifiedName(other, name))).toBeUndefined();
      }),
    );
  });

  it('stays what it was where nobody says anything of workspaces', () => {
    for (const name of ['files', 'Foo::Bar', 'C++::x', 'a:b', '::x', '', '*', `${'x'.repeat(40)}::y`])
      expect(qualifiedName(DEFAULT_WORKSPACE, name)).toBe(name);
    expect(qualifiedName(DEFAULT_WORKSPACE, 'foo::bar::baz')).toBe('foo:bar::baz');
    expect(qualifiedName('team-a', 'foo::bar')).toBe('team-a::foo::bar');
    expect(readableName('team-a::files')).toBe('files (team-a)');
    expect(readableName('files')).toBe('files');
  });
});

describe('all servers of a workspace', () => {
  it('are meant by a star or by nothing after it', () => {
    expect(workspaceMeant('team-a::*')).toBe('team-a');
    expect(workspaceMeant('team-a::')).toBe('team-a');
    expect(workspaceMeant('default::*')).toBe('default');
    for (const server of ['team-a', 'team-a::x', '*', '', '::', 'Team::*'])
      expect(workspaceMeant(server)).toBeUndefined();
  });

  it('are matched by their pattern, and no others', () => {
    fc.assert(
      fc.property(workspaces, workspaces, names, (own, other, name) => {
        expect(matchesServer(everyServerOf(own), qualifiedName(other, name))).toBe(own === other);
      }),
    );
  });

  it('are as far as a pattern of somebody who sees the workspace only may reach', () => {
    fc.assert(
      fc.property(workspaces, workspaces, names, names, (own, other, given, name) => {
        const within = nameWithin(own, given);
        fc.pre(own !== other && within !== undefined);
        const pattern = patternWithin(own, within!);
        expect(isPatternWithin(own, pattern)).toBe(true);
        expect(matchesServer(pattern, qualifiedName(other, name))).toBe(false);
      }),
    );
    expect(isPatternWithin(DEFAULT_WORKSPACE, '*')).toBe(false);
    expect(isPatternWithin('team-a', 'team-b::*')).toBe(false);
  });
});
