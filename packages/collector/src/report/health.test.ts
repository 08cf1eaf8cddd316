import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthOf, healthScore, worstHealth } from './health.ts';

const well = { calls: 1000, errors: 0, p95Ms: 100, alerts: { warning: 0, critical: 0 } };

describe('healthScore', () => {
  it.each([
    ['all well', {}, 100, 'healthy'],
    ['nobody calls', { calls: 0, p95Ms: 0 }, 100, 'healthy'],
    ['p95 at its target', { p95Ms: 500 }, 100, 'healthy'],
    ['one per cent fails', { errors: 10 }, 94, 'healthy'],
    ['five per cent fail', { errors: 50 }, 70, 'degraded'],
    ['ten per cent fail', { errors: 100 }, 40, 'critical'],
    ['all fail', { errors: 1000 }, 40, 'critical'],
    ['p95 of a second', { p95Ms: 1000 }, 80, 'healthy'],
    ['p95 of ten seconds', { p95Ms: 10_000 }, 60, 'degraded'],
    ['a warning', { alerts: { warning: 1, critical: 0 } }, 90, 'healthy'],
    ['a critical alert', { alerts: { warning: 0, critical: 1 } }, 75, 'degraded'],
    ['many alerts', { alerts: { warning: 9, critical: 9 } }, 50, 'degraded'],
    ['five per cent fail and an alert says so', { errors: 50, alerts: { warning: 0, critical: 1 } }, 45, 'critical'],
    ['the only call failed', { calls: 1, errors: 1 }, 70, 'degraded'],
    ['everything at once', { errors: 1000, p95Ms: 9000, alerts: { warning: 9, critical: 9 } }, 0, 'critical'],
  ] as const)('%s', (_, change, score, health) => {
    expect(healthScore({ ...well, ...change })).toBe(score);
    expect(healthOf(score)).toBe(health);
  });

  it('is a whole number from 0 to 100 and never better for more of anything bad', () => {
    const vitals = fc.record({
      calls: fc.nat(10_000),
      errors: fc.nat(10_000),
      p95Ms: fc.double({ min: 0, max: 1e7, noNaN: true }),
      alerts: fc.record({ warning: fc.nat(20), critical: fc.nat(20) }),
    });
    fc.assert(
      fc.property(vitals, fc.nat(100), (before, more) => {
        const score = healthScore(before);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
        expect(healthScore({ ...before, errors: before.errors + more })).toBeLessThanOrEqual(score);
        expect(healthScore({ ...before, p95Ms: before.p95Ms + more })).toBeLessThanOrEqual(score);
        const alerts = { ...before.alerts, critical: before.alerts.critical + more };
        expect(healthScore({ ...before, alerts })).toBeLessThanOrEqual(score);
      }),
    );
  });
});

describe('worstHealth', () => {
  it('is that of the worst part, and healthy without parts', () => {
    expect(worstHealth(['healthy', 'critical', 'degraded'])).toBe('critical');
    expect(worstHealth(['healthy', 'degraded'])).toBe('degraded');
    expect(worstHealth([])).toBe('healthy');
  });
});
