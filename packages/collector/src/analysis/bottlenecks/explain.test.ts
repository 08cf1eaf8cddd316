import { describe, expect, it } from 'vitest';
import type { Bottleneck } from '../../model/bottleneck.ts';
import { explainedFindings } from './explain.ts';

const finding = (cause: Bottleneck['cause'], more: Partial<Bottleneck> = {}): Bottleneck => ({
  cause,
  title: cause,
  severity: 'medium',
  confidence: 0.8,
  shareOfTimePercent: 50,
  server: 's',
  tools: ['t'],
  instances: [],
  clients: [],
  evidence: [],
  advice: [],
  consequences: [],
  resolution: 'second',
  ...more,
});
const causesOf = (...findings: Bottleneck[]) => explainedFindings(findings).map(({ cause }) => cause);

describe('what follows from something else', () => {
  it('is told with it', () => {
    const told = explainedFindings([finding('blocked_event_loop'), finding('cpu_bound')]);
    expect(told).toMatchObject([{ cause: 'cpu_bound', consequences: ['blocked_event_loop'] }]);
  });

  it('stands by itself where the reason is a remark', () => {
    expect(causesOf(finding('blocked_event_loop'), finding('cpu_bound', { severity: 'low' }))).toEqual([
      'blocked_event_loop',
      'cpu_bound',
    ]);
  });

  it('stands by itself where the reason is doubtful, and comes first', () => {
    const doubtful = finding('noisy_neighbour', { confidence: 0.5 });
    expect(causesOf(doubtful, finding('blocked_event_loop'))).toEqual(['blocked_event_loop', 'noisy_neighbour']);
  });

  it('stands by itself where it costs more than the reason', () => {
    expect(causesOf(finding('cpu_bound', { shareOfTimePercent: 10 }), finding('lock'))).toEqual(['lock', 'cpu_bound']);
  });

  it('is about the same tool, where large results are the reason', () => {
    const other = finding('cpu_bound', { tools: ['other'] });
    expect(causesOf(finding('huge_results'), finding('cpu_bound'))).toEqual(['huge_results']);
    expect(causesOf(finding('huge_results'), other)).toHaveLength(2);
  });
});

it('puts the most severe first, then what surely costs most', () => {
  const critical = finding('failing_calls', { severity: 'critical', shareOfTimePercent: null });
  const costly = finding('huge_results', { shareOfTimePercent: 60 });
  const doubtful = finding('n_plus_one', { shareOfTimePercent: 80, confidence: 0.5 });
  expect(causesOf(doubtful, costly, critical)).toEqual(['failing_calls', 'huge_results', 'n_plus_one']);
});
