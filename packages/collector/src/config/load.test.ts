import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import { SETTINGS, valueAt } from './settings.ts';
import { editDistance, nearest } from './suggest.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vitals-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('settings', () => {
  it('give every leaf of the schema a variable, a description and, but for the data directory, a default', () => {
    const byPath = new Map(SETTINGS.map((setting) => [setting.path, setting]));
    expect(byPath.get('retention.hourDays')).toMatchObject({
      environment: 'MCP_VITALS_RETENTION_HOUR_DAYS',
      defaultValue: 30,
    });
    expect(byPath.get('dataDir')!.environment).toBe('MCP_VITALS_DATA');
    expect(SETTINGS.filter((setting) => setting.description === '')).toEqual([]);
    expect(SETTINGS.filter((setting) => setting.defaultValue === undefined).map((setting) => setting.path)).toEqual([
      'dataDir',
    ]);
  });

  it('read text by the type of the setting', () => {
    const read = (path: string, text: string) => SETTINGS.find((setting) => setting.path === path)!.fromText(text);
    expect(read('port', '8080')).toBe(8080);
    expect(read('port', '')).toBe('');
    expect(read('socket', 'off')).toBe(false);
    expect(read('socket', 'perhaps')).toBe('perhaps');
    expect(read('allowedHosts', 'a.example, b.example,')).toEqual(['a.example', 'b.example']);
  });
});

describe('loadConfig', () => {
  it('lets file, environment and flags override in this order, and says where each came from', () => {
    writeFileSync(
      join(dir, 'config.json'),
      JSON.stringify({ port: 1, host: '::1', logLevel: 'warn', retention: { hourDays: 7 } }),
    );
    const { config, origins } = loadConfig(
      { dataDir: dir, port: '3', set: ['limits.queriesPerMinute=5'] },
      { MCP_VITALS_PORT: '2', MCP_VITALS_HOST: '127.0.0.2' },
    );
    expect(config).toMatchObject({ dataDir: dir, port: 3, host: '127.0.0.2', logLevel: 'warn' });
    expect(valueAt(config, 'retention.hourDays')).toBe(7);
    expect(valueAt(config, 'limits.queriesPerMinute')).toBe(5);
    expect(Object.fromEntries(origins)).toMatchObject({
      dataDir: 'flag --data-dir',
      port: 'flag --port',
      host: 'environment MCP_VITALS_HOST',
      logLevel: `file ${join(dir, 'config.json')}`,
      'retention.hourDays': `file ${join(dir, 'config.json')}`,
      'limits.queriesPerMinute': 'flag --set limits.queriesPerMinute',
      socket: 'default',
    });
  });

  it('takes the data directory from a file named by --config', () => {
    const file = join(dir, 'elsewhere.json');
    writeFileSync(file, JSON.stringify({ dataDir: join(dir, 'data') }));
    expect(loadConfig({ config: file }, {}).config.dataDir).toBe(join(dir, 'data'));
  });

  it('falls back to the home directory', () => {
    expect(loadConfig({}, {}).config.dataDir).toMatch(/\.performance-data$/);
  });

  it.each([
    [{ port: 'many' }, {}, /port \(flag --port\): .*expected number.*got "many"/],
    [{}, { MCP_VITALS_PORT: '99999' }, /port \(environment MCP_VITALS_PORT\): .*65535, got 99999/],
    [{ set: ['logLevel=loud'] }, {}, /logLevel \(flag --set logLevel\): .*"silent"\|"error"/],
    [{ set: ['port'] }, {}, /--set port: expected path=value/],
    [{ set: ['limits.querysPerMinute=1'] }, {}, /Unknown setting "limits.querysPerMinute"/],
    [{ config: '/nowhere/at/all.json' }, {}, /does not exist/],
    [{}, { MCP_VITALS_RETENTION_HOURDAYS: '3' }, /MCP_VITALS_RETENTION_HOURDAYS/],
  ])('refuses %j %j by name', (flags, environment, message) => {
    expect(() => loadConfig({ dataDir: dir, ...flags }, environment)).toThrow(message);
  });

  it.each([
    ['{', /cannot be read as JSON/],
    ['[]', /must be one JSON object/],
    ['{"limits": 3}', /"limits" must be an object/],
    ['{"allowedHosts": [1]}', /allowedHosts\.0 \(file .*\): .*expected string/],
    ['{"retention": {"hourDay": 3}}', /Unknown setting "retention.hourDay"/],
  ])('refuses the file %s', (text, message) => {
    writeFileSync(join(dir, 'config.json'), text);
    expect(() => loadConfig({ dataDir: dir }, {})).toThrow(message);
  });

  it.each(SETTINGS.filter(({ path }) => path !== 'dataDir'))('reads $path from a file', ({ path, defaultValue }) => {
    const nested = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), defaultValue);
    writeFileSync(join(dir, 'config.json'), JSON.stringify(nested));
    expect(loadConfig({ dataDir: dir }, {}).origins.get(path)).toMatch(/^file /);
  });

  it('suggests the setting that was meant', () => {
    writeFileSync(join(dir, 'config.json'), '{"retention": {"hourDay": 3}}');
    expect(() => loadConfig({ dataDir: dir }, {})).toThrow(
      expect.objectContaining({ hint: 'Did you mean "retention.hourDays"?' }),
    );
  });
});

describe('nearest', () => {
  it('measures edits symmetrically and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(editDistance(a, a)).toBe(0);
      }),
    );
  });

  it('finds nothing for a word that is not near any', () => {
    expect(nearest('wholly different', ['port', 'host'])).toBeUndefined();
  });
});

describe('lists and records', () => {
  const problemOf = (setting: string, value: unknown): string => {
    try {
      loadConfig({ set: [`${setting}=${JSON.stringify(value)}`] }, {});
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it('are given as JSON', () => {
    const rules = [{ name: 'slow', metric: 'response_time', threshold: 5 }];
    const { config } = loadConfig({ set: [`alerts.rules=${JSON.stringify(rules)}`] }, {});
    expect(config.alerts.rules).toMatchObject([{ name: 'slow', operator: 'gt', statistic: 'p95', server: '*' }]);
  });

  it('never show what channels hold, right or wrong', () => {
    const channels = { team: { type: 'slack', url: 'SECRET-IN-THE-WRONG-FORM', oops: 1 } };
    const problem = problemOf('notifications.channels', channels);
    expect(problem).toContain('notifications.channels.team');
    expect(problem).not.toContain('SECRET');
    expect(problemOf('notifications.channels', 'SECRET')).not.toContain('SECRET');
  });

  it.each([
    ['alerts.rules', [{ name: 'a', metric: 'speed', threshold: 1 }], 'alerts.rules.0.metric'],
    ['alerts.rules', Array(2).fill({ name: 'a', metric: 'cpu', threshold: 1 }), 'the name "a" is given twice'],
    ['alerts.quietHours', [{ from: '25:00', to: '07:00' }], 'must be a time of day like 22:30'],
    ['alerts.quietHours', [{ from: '22:00', to: '07:00', timezone: 'Mars' }], 'must be a time zone'],
    ['notifications.dailyReport', 'every day', 'must be a cron pattern'],
    ['objectives', [{ name: 'a', server: 's', objectivePercent: 100 }], 'objectives.0.objectivePercent'],
  ])('say what is wrong with %s (%#)', (setting, value, expected) => {
    expect(problemOf(setting, value)).toContain(expected);
  });
});
