/** Sentences about plans and policies, without texts from outside. */
import type { Plan, PlannedAction } from '../model/optimization/plan.ts';
import type { PolicyTools } from '../model/optimization/policyRecord.ts';

/** What of a plan the collector may do by itself. */
export function automaticActions(plan: Plan): PlannedAction[] {
  return plan.actions.filter(({ isPermitted, isAutomatic }) => isPermitted && isAutomatic);
}

/** Added to what is in force for other tools and in other respects. */
export function toolsOf(actions: readonly PlannedAction[], inForce: PolicyTools = {}): PolicyTools {
  const tools = new Map(Object.entries(inForce));
  for (const { tool, settings } of actions) tools.set(tool, { ...tools.get(tool), ...settings });
  // Names are a stranger's: `__proto__` is one like any other.
  return Object.fromEntries(tools);
}

export function reasonOf(actions: readonly PlannedAction[]): string {
  return [...new Set(actions.map(({ control, why }) => `${control}: ${why}`))].join(' ');
}
