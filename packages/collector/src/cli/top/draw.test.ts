import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coloured, plain } from '../terminal/style.ts';
import { columnsOf } from '../terminal/width.ts';
import { draw, type Picture, shownRows } from './draw.ts';
import { alertAnswer, anyFigures, anyView, figuresOf, serverRow, toolRow, viewOf } from './topFixtures.ts';
import { press } from './viewState.ts';

const ADDRESS = 'http://127.0.0.1:6848';
const pictureOf = (values: Partial<Picture>): Picture => {
  return { figures: undefined, address: ADDRESS, trouble: undefined, state: viewOf(), ...values };
};

const SHOP = serverRow({ name: 'shop', status: 'critical', healthScore: 13, errorRatePercent: 8.8, activeAlerts: 2 });
const FIGURES = figuresOf(
  [serverRow({ name: 'weather', p95Ms: 812 }), SHOP],
  [toolRow(), toolRow({ server: 'weather', tool: 'forecast', totalMs: 99, sharePercent: 99 })],
  [alertAnswer(), alertAnswer({ condition: 'response_time > 1000ms', currentValue: 1016, clearedAt: 'x' })],
);

describe('draw', () => {
  it('shows servers and what fires in 80 columns', () => {
    const size = { columns: 80, rows: 13 };
    expect(draw(pictureOf({ figures: FIGURES }), size, plain)).toEqual([
      '● healthy   2 servers · 7.0 calls/min · 2 alerts · 10.0 % errors    16:42:07 UTC',
      'Servers, worst health first                                http://127.0.0.1:6848',
      '',
      '  SERVER         HEALTH       CALLS/MIN  ERRORS      P95 ALERTS LAST HOUR',
      '▸ shop            13 critical       2.0   8.8 %  12.3 ms      2 ████████████████',
      '  weather        100 healthy        2.0     0 %   812 ms      - ████████████████',
      '',
      '  SEVERITY SUBJECT         CONDITION           VALUE STATUS   ID',
      '  critical pay of shop     error_rate > 5%    11.1 % active   alert-20261121-001',
      '  critical pay of shop     time > 1000ms      1.02 s clearing alert-20261121-001',
      '',
      '',
      'q quit  s sort  t all tools  enter its tools  / filter  r reverse  ↑↓ move',
    ]);
  });

  it('shows the tools of one server, with what fires there', () => {
    const picture = pictureOf({ figures: FIGURES, state: viewOf({ view: 'tools', server: 'weather' }) });
    expect(draw(picture, { columns: 80, rows: 12 }, plain).slice(1, 8)).toEqual([
      'Tools of weather, most time first                          http://127.0.0.1:6848',
      '',
      '  TOOL             CALLS  ERRORS      P50      P95      P99   TIME',
      '▸ forecast            10  10.0 %  2.00 ms  3.00 ms  4.00 ms 99.0 % ████████████▉',
      '',
      'No alerts.',
      '',
    ]);
  });

  it('says what is wrong, and greys what is no longer new', () => {
    const picture = pictureOf({ figures: FIGURES, trouble: 'No collector answers. Trying again.' });
    const [, what, , , row] = draw(picture, { columns: 80, rows: 20 }, coloured);
    expect(what).toBe('\x1b[31mNo collector answers. Trying again. Figures of 16:42:07 UTC.\x1b[39m');
    expect(row).toContain('\x1b[2m');
    expect(row).not.toContain('\x1b[31m');
    expect(draw(pictureOf({}), { columns: 80, rows: 20 }, plain)[1]).toBe(`Asking ${ADDRESS} ...`);
    expect(draw(pictureOf({ figures: figuresOf([]) }), { columns: 80, rows: 20 }, plain)[4]).toMatch(/No server/);
    const asking = pictureOf({ figures: figuresOf([]), state: viewOf({ view: 'tools' }) });
    expect(draw(asking, { columns: 80, rows: 20 }, plain)[4]).toBe('  Asking ...');
  });

  it('follows the selected row through a list that does not fit', () => {
    const servers = Array.from({ length: 40 }, (_, i) => serverRow({ name: `s${String(i).padStart(2, '0')}` }));
    const figures = figuresOf(servers);
    const size = { columns: 80, rows: 20 };
    let state = viewOf({ sort: 'name' });
    for (const [name, first, selected] of [
      ['end', 's27', 's39'],
      ['up', 's27', 's38'],
      ['pageup', 's19', 's25'],
      ['home', 's00', 's00'],
    ] as const) {
      ({ state } = press(state, { name }, shownRows(pictureOf({ figures, state }), size)));
      const lines = draw(pictureOf({ figures, state }), size, plain);
      expect(lines[4]).toContain(first);
      expect(lines.find((line) => line.startsWith('▸'))).toContain(selected);
    }
  });

  it('is never wider or higher than the screen, and holds nothing to be obeyed', () => {
    const size = fc.record({ columns: fc.integer({ min: 4, max: 220 }), rows: fc.integer({ min: 1, max: 60 }) });
    const trouble = fc.option(fc.constant('No collector answers. Trying again.'), { nil: undefined });
    fc.assert(
      fc.property(
        fc.option(anyFigures, { nil: undefined }),
        anyView,
        size,
        trouble,
        (figures, state, size, trouble) => {
          const lines = draw(pictureOf({ figures, state, trouble }), size, coloured);
          expect(lines.length).toBeLessThanOrEqual(size.rows);
          for (const line of lines.map(stripVTControlCharacters)) {
            expect(columnsOf(line)).toBeLessThanOrEqual(size.columns);
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          }
        },
      ),
    );
  });
});
