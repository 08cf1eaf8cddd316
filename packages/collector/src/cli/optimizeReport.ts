/** What `mcp-vitals optimize --list` prints. Names are a stranger's, and escaped here. */
import type { z } from 'zod';
import type { policyShape } from '../serve/optimizationShapes.ts';
import type { PrintStyle } from './terminal/output.ts';
import { type Column, tableLines } from './terminal/table.ts';
import { shownName } from './terminal/width.ts';

type PresentedPolicy = z.output<typeof policyShape>;

export interface PoliciesAnswer {
  inForce: PresentedPolicy[];
  history: PresentedPolicy[];
}

export function describePolicies({ inForce, history }: PoliciesAnswer, style: PrintStyle): string {
  if (history.length === 0) return 'No policy has been applied.';
  const count = inForce.length === 1 ? '1 policy is' : `${inForce.length} policies are`;
  return [...tableLines(COLUMNS, history, { ...style, gap: 2 }), '', `${count} in force.`].join('\n');
}

const COLUMNS: Column<PresentedPolicy>[] = [
  { title: 'SERVER', min: 10, max: 32, priority: 0, cell: ({ server }) => shownName(server) },
  { title: 'POLICY', align: 'right', min: 6, priority: 1, cell: ({ version }) => String(version) },
  { title: 'STATE', min: 8, priority: 0, cell: ({ state }) => state },
  { title: 'TOOLS', min: 12, max: 48, priority: 2, cell: toolsOf },
  { title: 'APPLIED', min: 20, priority: 3, cell: ({ appliedAt }) => appliedAt.slice(0, 19).replace('T', ' ') },
  { title: 'OUTCOME', min: 16, max: 60, priority: 4, cell: outcomeOf },
];

function toolsOf({ tools }: PresentedPolicy): string {
  return tools.map(({ tool, controls }) => `${shownName(tool)}: ${Object.keys(controls).join(', ')}`).join('; ');
}

function outcomeOf({ outcome, watchUntil, expiresAt, state }: PresentedPolicy): string {
  if (state === 'watching') return `watched until ${watchUntil.slice(11, 19)}`;
  const until = state === 'kept' ? ` until ${expiresAt.slice(0, 16).replace('T', ' ')}` : '';
  return `${outcome?.reason ?? ''}${until}`;
}
