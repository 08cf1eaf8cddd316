/** What outsiders see of the tools. A change here is a change for every client: the snapshots hold literals on purpose. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TOOL_LIST } from '../mcp.ts';
import type { ToolDefinition } from './defineTool.ts';
import { ALL_TOOLS, findTool, TOOLS, TOOLSETS } from './index.ts';
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
    for (const tool of ALL_TOOLS) {
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

describe('the list of the toolset analysis', () => {
  const list = TOOLSETS.analysis.map(toListEntry);

  it.each(list.map((tool) => [tool.name, tool]))('shows %s as it was', (_, tool) => {
    expect(tool).toMatchSnapshot();
  });

  it('costs a conversation no more than the default list and a fifth', () => {
    const text = JSON.stringify(list);
    expect(text.length).toBeLessThanOrEqual(12_000);
    expect(encode(text).length).toBeLessThan(3_000);
  });

  it('asks for the narrowest token that will do, and says what a client has to ask its user for', () => {
    const hints = ({ annotations }: ToolDefinition) =>
      Object.entries(annotations).flatMap(([hint, isSo]) => (isSo ? [hint.replace('Hint', '')] : []));
    expect(Object.fromEntries(TOOLSETS.analysis.map((tool) => [tool.name, [tool.scope, ...hints(tool)]]))).toEqual({
      monitor_performance: ['read', 'readOnly'],
      analyze_bottlenecks: ['read', 'readOnly', 'idempotent'],
      // Who may only read gets plans; it asks for more itself where something is to be applied.
      optimize_resources: ['read', 'destructive'],
      set_performance_alert: ['admin', 'idempotent'],
      get_analysis_dashboard: ['read', 'readOnly', 'idempotent'],
      analyze_performance_trends: ['read', 'readOnly', 'idempotent'],
      benchmark_tool: ['admin', 'destructive', 'openWorld'],
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
      output: z.looseObject({ byName: z.record(z.string(), z.number()), rows: z.array(z.looseObject({})) }),
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
        properties: {
          byName: { type: 'object', additionalProperties: { type: 'number' } },
          rows: { type: 'array', items: { type: 'object' } },
        },
        required: ['byName', 'rows'],
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    });
  });
});
