/** Which tools are called, with which arguments, and which are left out for what reason. */
import { matches, matchesAny } from '../../model/namePattern.ts';
import type { NotMeasured } from '../baseline.ts';
import { exampleArguments } from './exampleArguments.ts';
import type { Schema } from './schemaReader.ts';
import type { ScriptCall } from './script.ts';

/** A tool as its server lists it, as far as it matters here. */
export interface ListedTool {
  name: string;
  inputSchema: Schema;
  annotations?: { readOnlyHint?: boolean | undefined; destructiveHint?: boolean | undefined } | undefined;
  execution?: { taskSupport?: string | undefined } | undefined;
}

export interface PlanOptions {
  /** Calls of each tool. */
  calls: number;
  /** Patterns of names; undefined: all. */
  only?: readonly string[] | undefined;
  includeDestructive: boolean;
  script?: readonly ScriptCall[] | undefined;
}

export interface Plan {
  tools: PlannedTool[];
  notMeasured: NotMeasured[];
  /** Tools that are called, and do not say that they change nothing. */
  mayWrite: string[];
}

export interface PlannedTool {
  tool: string;
  calls: number;
  variants: readonly Variant[];
}

export interface Variant {
  arguments: Record<string, unknown>;
  /** Of the tool's calls. */
  times: number;
}

export const SCRIPT_ADVICE = 'Give the calls to make by --script; --dry-run prints one to begin with.';

export function planCalls(listed: readonly ListedTool[], options: PlanOptions): Plan {
  const wanted = listed.filter(({ name }) => options.only === undefined || matchesAny(options.only, name));
  const plan =
    options.script === undefined ? planOfSchemas(wanted, options) : planOfScript(wanted, options.script, options);
  if (options.script === undefined && wanted.length > 0)
    plan.notMeasured.push(...namesNobodyHas(listed, options.only ?? []));
  const called = new Set(plan.tools.map(({ tool }) => tool));
  const mayWrite = wanted.filter(({ name, annotations }) => called.has(name) && annotations?.readOnlyHint !== true);
  return { ...plan, mayWrite: mayWrite.map(({ name }) => name) };
}

function planOfSchemas(wanted: readonly ListedTool[], options: PlanOptions): Omit<Plan, 'mayWrite'> {
  const tools: PlannedTool[] = [];
  const notMeasured: NotMeasured[] = [];
  for (const listed of wanted) {
    const { name: tool } = listed;
    const objection = objectionTo(listed, options);
    const made = objection === undefined ? exampleArguments(listed.inputSchema) : undefined;
    if (objection !== undefined) notMeasured.push({ tool, ...objection, isFailure: false });
    else if ('problem' in made!)
      notMeasured.push({ tool, reason: made.problem, advice: SCRIPT_ADVICE, isFailure: false });
    else tools.push({ tool, calls: options.calls, variants: [{ arguments: made!.arguments, times: options.calls }] });
  }
  return { tools, notMeasured };
}

/** Of what was asked for by name; a misspelt one must not look as if it were well. */
function namesNobodyHas(listed: readonly ListedTool[], only: readonly string[]): NotMeasured[] {
  return only.filter((pattern) => !listed.some(({ name }) => matches(pattern, name))).map(notListed);
}

function notListed(tool: string): NotMeasured {
  return {
    tool,
    reason: 'the server has no tool of this name',
    advice: 'Look for its name in what the server lists.',
    isFailure: true,
  };
}

/** Why a tool is not called unless that is asked for. */
function objectionTo({ annotations, execution }: ListedTool, { includeDestructive }: PlanOptions) {
  if (execution?.taskSupport === 'required')
    return { reason: 'it runs as a task, which is not timed', advice: 'Measure where the task is done.' };
  if (annotations?.destructiveHint !== true || annotations.readOnlyHint === true || includeDestructive)
    return undefined;
  return {
    reason: 'it says that it destroys things',
    advice: 'Where nothing can be lost, call it by --include-destructive, or with arguments by --script.',
  };
}

/** What the script names is wanted, destructive or not: its author wrote the call down. */
function planOfScript(
  wanted: readonly ListedTool[],
  script: readonly ScriptCall[],
  { calls, only }: PlanOptions,
): Omit<Plan, 'mayWrite'> {
  const names = new Set(wanted.map(({ name }) => name));
  const asked = [...new Set(script.map(({ tool }) => tool))];
  const tools = asked
    .filter((tool) => names.has(tool))
    .map((tool) =>
      plannedTool(
        tool,
        script.filter((call) => call.tool === tool),
        calls,
      ),
    );
  const notMeasured = asked
    .filter((tool) => !names.has(tool) && (only === undefined || matchesAny(only, tool)))
    .map(notListed);
  return { tools, notMeasured };
}

/** Calls without a number of times share `calls` by their weights. */
function plannedTool(tool: string, script: readonly ScriptCall[], calls: number): PlannedTool {
  const weights = script.map(({ times, weight = 1 }) => (times === undefined ? weight : 0));
  const shared = portions(weights, calls);
  const variants = script
    .map((call, i) => ({ arguments: call.arguments, times: call.times ?? shared[i]! }))
    .filter(({ times }) => times > 0);
  return { tool, calls: variants.reduce((sum, { times }) => sum + times, 0), variants };
}

/** Whole portions of `total` by weight, which add up to it; all 0 without weights. */
function portions(weights: readonly number[], total: number): number[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let taken = 0;
  let weighed = 0;
  return weights.map((weight) => {
    weighed += weight;
    const end = whole === 0 ? 0 : Math.round((total * weighed) / whole);
    const portion = end - taken;
    taken = end;
    return portion;
  });
}
