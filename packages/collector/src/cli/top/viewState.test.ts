import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyView, viewOf } from './topFixtures.ts';
import { type Key, press, type ViewState } from './viewState.ts';

const SHOWN = { ids: ['a', 'b', 'c', 'd', 'e'], pageRows: 2 };

/** Keys as `readline` hands them over: a character, or the name of a key. */
function keys(state: ViewState, ...typed: string[]): ReturnType<typeof press> {
  let pressed: ReturnType<typeof press> = { state };
  for (const text of typed) {
    const key = text.length === 1 ? { sequence: text, name: text.toLowerCase() } : { name: text, sequence: '\x1b?' };
    pressed = press(pressed.state, key, SHOWN);
  }
  return pressed;
}

describe('press', () => {
  it('moves within the rows', () => {
    const at = (...typed: string[]) => keys(viewOf(), ...typed).state.selected;
    expect(at('j')).toBe('b');
    expect(at('down', 'down', 'k')).toBe('b');
    expect(at('pagedown')).toBe('c');
    expect(at('G')).toBe('e');
    expect(at('G', 'g')).toBe('a');
    expect(at('G', 'j')).toBe('e');
    expect(at('up')).toBe('a');
    expect(press(viewOf(), { name: 'down' }, { ids: [], pageRows: 0 }).state.selected).toBeUndefined();
  });

  it('sorts by the next, by number, and backwards', () => {
    expect(keys(viewOf(), 's').state.sort).toBe('calls');
    expect(keys(viewOf({ sort: 'name' }), 's').state.sort).toBe('health');
    expect(keys(viewOf(), '4', 'r').state).toMatchObject({ sort: 'p95', isReversed: true });
  });

  it('goes into a server and back, and out', () => {
    const inside = keys(viewOf(), 'j', 'return').state;
    expect(inside).toMatchObject({ view: 'tools', server: 'b', selected: undefined });
    expect(keys(inside, 'escape')).toEqual({ state: viewOf({ selected: 'b' }) });
    expect(keys(inside, 'left').state.view).toBe('servers');
    expect(keys(viewOf(), 'escape').effect).toBe('quit');
    expect(keys(viewOf(), 't').state).toMatchObject({ view: 'tools', server: undefined });
    expect(keys(viewOf(), 't', 't').state.view).toBe('servers');
    expect(keys(viewOf(), 'q').effect).toBe('quit');
  });

  it('types into the filter, and leaves it', () => {
    const typing = keys(viewOf(), '/', 'q', 'j', '日').state;
    expect(typing).toMatchObject({ isTyping: true, filter: 'qj日' });
    expect(keys(typing, 'backspace', 'return').state).toMatchObject({ isTyping: false, filter: 'qj' });
    expect(keys(typing, 'escape').state).toMatchObject({ isTyping: false, filter: '' });
    expect(keys(typing, 'return', 'escape').state.filter).toBe('');
    expect(press(typing, { ctrl: true, name: 'c' }, SHOWN).effect).toBe('interrupt');
    expect(press(typing, { ctrl: true, name: 'z' }, SHOWN).effect).toBe('suspend');
  });

  it('takes any key in any state', () => {
    const anyKey: fc.Arbitrary<Key> = fc.record({
      name: fc.option(fc.string(), { nil: undefined }),
      sequence: fc.option(fc.string(), { nil: undefined }),
      ctrl: fc.boolean(),
    });
    fc.assert(
      fc.property(anyView, anyKey, fc.array(fc.string()), (state, key, ids) => {
        const { state: next } = press(state, key, { ids, pageRows: 3 });
        expect(next.filter).not.toMatch(/\p{Cc}/u.test(state.filter) ? /^$a/ : /\p{Cc}/u);
      }),
    );
  });
});
