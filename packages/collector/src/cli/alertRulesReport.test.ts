import { describe, expect, it } from 'vitest';
import { describeRules, describeThresholds } from './alertRulesReport.ts';

const RULE = { metric: 'cpu', operator: 'gt', threshold: 9, severity: 'warning', periodMinutes: 5 } as const;
const SET = { resolvesBy: 'people', isFixed: false } as const;

describe('rules and thresholds in words', () => {
  it.each([
    ['*', '*', 'everywhere'],
    ['*', 'read', 'read of any server'],
    ['files', '*', 'files'],
    ['team-a::*', '*', 'everywhere in team-a'],
    ['team-a::*', 'read', 'read of any server in team-a'],
    ['team-a::files', 'read\n', 'read\\n of team-a::files'],
  ])('say of %s and %j where they hold', (server, tool, expected) => {
    expect(describeRules([{ ...RULE, ...SET, name: 'n', server, tool }])).toBe(
      `n: warning, cpu gt 9 over 5 min, ${expected}`,
    );
    const scope = { server: server === '*' ? '' : server, tool: tool === '*' ? '' : tool };
    const threshold = { metric: 'cpu', severity: 'warning', threshold: 9, enabled: true } as const;
    expect(describeThresholds([{ ...scope, ...threshold, thresholdId: 't' }])).toBe(
      `t: warning, cpu > 9 %, ${expected}`,
    );
  });
});
