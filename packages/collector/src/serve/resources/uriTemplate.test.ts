import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandUri, matchUri, variableNames } from './uriTemplate.ts';

const SERIES = 'mcp-vitals://series/{server}/{tool}{?from,to}';

describe('matchUri', () => {
  it('finds the values of path and query', () => {
    expect(matchUri(SERIES, 'mcp-vitals://series/a/b')).toEqual({ server: 'a', tool: 'b' });
    expect(matchUri(SERIES, 'mcp-vitals://series/a%2Fb/c%3F?to=2025-01-01&from=x')).toEqual({
      server: 'a/b',
      tool: 'c?',
      from: 'x',
      to: '2025-01-01',
    });
    expect(matchUri('mcp-vitals://series', 'mcp-vitals://series')).toEqual({});
  });

  it('keeps a plus sign, which times with a zone have', () => {
    expect(matchUri(SERIES, 'mcp-vitals://series/a/b?from=2025-01-01T00:00:00+02:00')).toMatchObject({
      from: '2025-01-01T00:00:00+02:00',
    });
  });

  it.each([
    'mcp-vitals://series/a',
    'mcp-vitals://series/a/b/c',
    'mcp-vitals://series//b',
    'mcp-vitals://series/a/b?until=2025-01-01',
    'mcp-vitals://series/a/%E0%A4%A',
    'mcp-vitals://seriesXa/b',
    'other://series/a/b',
    '',
  ])('does not take %s for a series', (uri) => {
    expect(matchUri(SERIES, uri)).toBeUndefined();
  });

  it('refuses a query where the template has none', () => {
    expect(matchUri('mcp-vitals://alerts', 'mcp-vitals://alerts?severity=critical')).toBeUndefined();
  });

  it('gets back whatever names were put in, and is a valid address', () => {
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(name, name, fc.option(name, { nil: undefined }), (server, tool, from) => {
        const uri = expandUri(SERIES, { server, tool, from });
        expect(matchUri(SERIES, uri)).toEqual({ server, tool, ...(from !== undefined && { from }) });
        expect(uri).toMatch(/^[\w.:/?&=%!~*'()-]+$/);
      }),
    );
  });

  it('survives half a character', () => {
    expect(expandUri(SERIES, { server: 'a\ud800', tool: 'b' })).toBe('mcp-vitals://series/a%EF%BF%BD/b');
  });
});

describe('variableNames', () => {
  it('lists those of path and query', () => {
    expect(variableNames(SERIES)).toEqual(['server', 'tool', 'from', 'to']);
  });
});
