/** Policies in force, as the dashboard shows them. */
import type { ShownPolicy } from '../../model/analysisDashboard.ts';
import type { PolicyRecord, PolicyTools } from '../../model/optimization/policyRecord.ts';
import type { Optimizations } from '../../serve/ports/optimizations.ts';

export function policiesInForce(
  { policies }: Pick<Optimizations, 'policies'>,
  server: string | undefined,
): ShownPolicy[] {
  return policies()
    .filter((record) => server === undefined || record.server === server)
    .map(shown);
}

function shown({ server, version, state, tools, appliedAtMs, appliedBy, expiresAtMs, why }: PolicyRecord): ShownPolicy {
  return {
    ...{ server, version, appliedAtMs, appliedBy, expiresAtMs, why },
    // What is in force is one of these.
    state: state === 'watching' ? 'watching' : 'kept',
    controls: controlsOf(tools),
  };
}

function controlsOf(tools: PolicyTools): ShownPolicy['controls'] {
  return Object.entries(tools).flatMap(([tool, policy]) =>
    Object.entries(policy).map(([control, settings]) => ({ tool, control, settings: flat(settings) })),
  );
}

/** Bounds within settings become settings of their own: `adaptive.min`. */
function flat(settings: object, prefix = ''): Record<string, number | string> {
  const entries = Object.entries(settings).flatMap(([name, value]): [string, number | string][] => {
    if (typeof value === 'object' && value !== null) return Object.entries(flat(value, `${prefix}${name}.`));
    return [[prefix + name, typeof value === 'number' ? value : String(value)]];
  });
  return Object.fromEntries(entries);
}
