import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, subject } from './names.ts';

describe('code', () => {
  it.each([
    ['read_file', '`read_file`'],
    ['a`b|c', '`a\\u{60}b\\u{7c}c`'],
    ['line\nbreak', '`line\\nbreak`'],
    ['<script>', '`<script>`'],
    ['', '` `'],
  ])('spans %j', (name, span) => {
    expect(code(name)).toBe(span);
  });

  it('cannot be left by any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(code(name)).toMatch(/^`[^`|\n\r]+`$/);
      }),
    );
  });
});

describe('subject', () => {
  it('names a tool, a server or everything', () => {
    expect(subject('files', 'read')).toBe('`read` of `files`');
    expect(subject('files', '')).toBe('`files`');
    expect(subject('', '')).toBe('everything');
  });
});
