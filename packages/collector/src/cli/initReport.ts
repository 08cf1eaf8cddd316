/** What `mcp-vitals init` prints. All that comes from a configuration file is escaped here. */
import { visibleText } from '../model/visibleText.ts';
import type { Change } from '../setup/changes.ts';
import { configDiff } from '../setup/configDiff.ts';
import type { DocumentPath } from '../setup/configDocument.ts';
import type { FilePlan } from '../setup/planInit.ts';
import type { UndoneFile } from '../setup/undoInit.ts';
import { describeFailure } from './failure.ts';

export const NOTHING_FOUND = `No configuration of Claude Desktop, Claude Code, Cursor or VS Code was found.
Name the file of your client: mcp-vitals init FILE`;

/** A client may keep all of its file in one line. */
const MAX_LINE = 500;
const MAX_NAME = 100;

export function describePlan(plan: FilePlan): string {
  const target = plan.realPath === plan.path ? '' : ` -> ${line(plan.realPath)}`;
  const heading = `${plan.client ?? 'Given file'}  ${line(plan.path)}${target}`;
  const changes = plan.changes.map((change) => `  ${describeChange(change)}`);
  const untouched = plan.untouched.map(
    ({ server, reason }) => `  not touched: ${nameAt(server.location)}, because ${line(reason)}`,
  );
  const shared = plan.scope === 'project' && plan.changes.length > 0 ? [SHARED] : [];
  const diff = plan.changes.length === 0 ? ['  Nothing to do.'] : configDiff(plan).map(line);
  return ['', heading, ...changes, ...untouched, ...shared, ...diff].join('\n');
}

const SHARED = '  This file may be shared with others of the project; it will hold paths of this machine.';

function describeChange(change: Change): string {
  if (change.kind === 'add') return `add the collector as ${nameAt(change.location)}`;
  return `monitor ${nameAt(change.location)} by the ${change.how}`;
}

/** A server's name, with its project where it has one. */
function nameAt(location: DocumentPath): string {
  const name = visibleText(String(location.at(-1)), MAX_NAME);
  return location[0] === 'projects' ? `${name} (${visibleText(String(location[1]), MAX_NAME)})` : name;
}

const OUTCOMES: Record<Exclude<UndoneFile['outcome'], 'failed'>, string> = {
  restored: 'restored, byte for byte',
  taken_back: 'changed by others since: what init had put in was taken out, the rest is as it was found',
};

export function describeUndone({ path, outcome, left, stillOurs, backups, problem }: UndoneFile): string {
  const heading = `${line(path)}: ${outcome === 'failed' ? 'not undone' : OUTCOMES[outcome]}`;
  const rest = left.map(({ location }) => `  left as it is, because it was edited: ${nameAt(location)}`);
  const ours = stillOurs.map(
    ({ location }) => `  still started through mcp-vitals, and not as init wrote it: ${nameAt(location)}`,
  );
  const copies = backups.map((backup) => `  as it was before: ${line(backup)}`);
  return [heading, ...(problem ? [`  ${describeProblem(problem)}`] : []), ...rest, ...ours, ...copies].join('\n');
}

export function describeProblem(error: unknown): string {
  return describeFailure(error).split('\n').map(line).join('\n');
}

/** One line of text from outside; tabs are what people indent with. */
function line(text: string): string {
  return text
    .slice(0, MAX_LINE * 2)
    .split('\t')
    .map((part) => visibleText(part, MAX_LINE))
    .join('\t');
}
