import { describe, expect, it } from 'vitest';
import { askedWithin, limitOf } from './workspaceAsked.ts';

describe('askedWithin', () => {
  it('takes a workspace for the limit where a server can be named', () => {
    expect(askedWithin({ mcpServer: 'team-a::*', toolName: 't' }, undefined)).toEqual({
      args: { toolName: 't' },
      workspace: 'team-a',
    });
    expect(askedWithin({ server: 'default::' }, undefined)).toEqual({ args: {}, workspace: 'default' });
    expect(askedWithin({ server: 'team-a::*' }, 'team-a')).toEqual({ args: {}, workspace: 'team-a' });
  });

  it('leaves the names of those who are not limited as they are', () => {
    for (const args of [
      { mcpServer: 'files' },
      { server: 'team-a::files' },
      { server: 7 },
      { server: '' },
      'text',
      null,
    ])
      expect(askedWithin(args, undefined)).toEqual({ args, workspace: undefined });
  });

  it('completes the names of those who are, and knows no others', () => {
    expect(askedWithin({ mcpServer: 'files' }, 'team-a').args).toEqual({ mcpServer: 'team-a::files' });
    expect(askedWithin({ server: '*' }, 'team-a').args).toEqual({ server: 'team-a::*' });
    expect(askedWithin({ server: 'default::files' }, 'default').args).toEqual({ server: 'files' });
    for (const server of ['team-b::files', 'team-b::*', 'default::x'])
      expect(() => askedWithin({ server }, 'team-a')).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(askedWithin({}, 'team-a')).toEqual({ args: {}, workspace: 'team-a' });
  });
});

describe('limitOf', () => {
  it('is what the token says, or what is asked for within it', () => {
    expect(limitOf(undefined, undefined)).toBeUndefined();
    expect(limitOf(undefined, '')).toBeUndefined();
    expect(limitOf(undefined, 'team-a')).toBe('team-a');
    expect(limitOf('team-a', undefined)).toBe('team-a');
    expect(limitOf('team-a', 'team-a')).toBe('team-a');
    expect(() => limitOf('team-a', 'team-b')).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(() => limitOf(undefined, 'Team A')).toThrow(expect.objectContaining({ code: 'invalid' }));
  });
});
