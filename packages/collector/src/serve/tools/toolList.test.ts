/** What outsiders see of the tools. A change here is a change for every client: the snapshots hold literals on purpose. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TOOL_LIST } from '../mcp.ts';
import { findTool, TOOLS } from './index.ts';
import { toListEntry } from './toolList.ts';

describe('the list of tools', () => {
  it('has the eight of the specification, in its order', () => {
    expect(TOOLS.map(({ name }) => name)).toEqual([
      'track_performance',
      'get_metrics',
      'detect_anomalies',
      'set_alert_threshold',
      'get_active_alerts',
      'acknowledge_alert',
      'generate_performance_report',
      'get_performance_dashboard',
    ]);
    expect(findTool('get_metrics')?.name).toBe('get_metrics');
    expect(findTool('toString')).toBeUndefined();
  });

  it.each(TOOL_LIST.tools.map((tool) => [tool.name, tool]))('shows %s as it was', (_, tool) => {
    expect(tool).toMatchSnapshot();
  });

  it('costs a conversation little', () => {
    const text = JSON.stringify(TOOL_LIST.tools);
    expect(text.length).toBeLessThan(10_240);
    expect(encode(text).length).toBeLessThan(2_500);
  });

  it('refuses parameters that a tool does not have', () => {
    for (const tool of TOOLS) {
      const issues = tool.input.safeParse({ noSuchParameter: 1 }).error?.issues ?? [];
      expect(
        issues.map(({ code }) => code),
        tool.name,
      ).toContain('unrecognized_keys');
    }
  });

  it('asks for the narrowest token that will do', () => {
    expect(Object.fromEntries(TOOLS.map(({ name, scope }) => [name, scope]))).toEqual({
      track_performance: 'ingest',
      get_metrics: 'read',
      detect_anomalies: 'read',
      set_alert_threshold: 'admin',
      get_active_alerts: 'read',
      acknowledge_alert: 'admin',
      generate_performance_report: 'read',
      get_performance_dashboard: 'read',
    });
  });
});

describe('toListEntry', () => {
  it('leaves out what says nothing', () => {
    const entry = toListEntry({
      name: 'n',
      title: 't',
      description: 'd',
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      input: z.strictObject({ name: z.string().min(1).max(9), count: z.int().min(2) }),
      output: z.object({ byName: z.record(z.string(), z.number()) }),
    });
    expect(entry).toEqual({
      name: 'n',
      title: 't',
      description: 'd',
      inputSchema: {
        type: 'object',
        properties: { name: { type: 'string' }, count: { type: 'integer', minimum: 2 } },
        required: ['name', 'count'],
        additionalProperties: false,
      },
      outputSchema: {
        type: 'object',
        properties: { byName: { type: 'object', additionalProperties: { type: 'number' } } },
        required: ['byName'],
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    });
  });
});
