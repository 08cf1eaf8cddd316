/**
 * Callers ask for a list and then for each of its entries, one call after the other: many calls where one would do. Told from
 * which tool is called after which in the sessions; the server itself may be well.
 */
import { clarity, clarityOfCount, confidenceOf, severityOf } from '../clarity.ts';
import type { Follow } from '../evidence/sight.ts';
import type { Picture } from '../picture/picture.ts';
import type { ToolPicture } from '../picture/toolPicture.ts';
import { type Candidate, evidence, known, sharePercent } from './candidate.ts';

/** Calls in a row from which asking one by one is a habit. */
const MIN_RUN = 4;

/** Rows of calls that were seen. */
const MIN_RUNS = 5;

/** Of the rows, those that one and the same tool began. */
const MIN_LED = 0.7;

/** Of all calls that could be spared. */
const MIN_SPARED = 0.2;

/** How many standard deviations more even than by chance: one pair of tools in two hundred is, and a server has several. */
const MIN_EVENNESS = 2.6;
const MIN_GROUPS = 6;

/** Rows that begin in one slot and go on in the next matter little in a group of slots with so many of them. */
const MIN_LEADERS = 3;

export function nPlusOne(picture: Picture): Candidate[] {
  const follows = picture.follows;
  return [...new Set(follows.map(({ tool }) => tool))].flatMap((tool) => rowsOf(picture, tool, follows));
}

function rowsOf(picture: Picture, tool: string, follows: readonly Follow[]): Candidate[] {
  const before = follows.filter((follow) => follow.tool === tool);
  const inRow = before.find(({ after }) => after === tool)?.count ?? 0;
  const leaders = before.filter(({ after }) => after !== tool).sort((a, b) => b.count - a.count);
  const rows = leaders.reduce((total, { count }) => total + count, 0);
  const [leader] = leaders;
  const columns = picture.tools.find((one) => one.tool === tool);
  if (leader === undefined || columns === undefined) return [];
  const length = 1 + inRow / rows;
  const led = leader.count / rows;
  const spared = (rows * (length - 1)) / picture.totalCalls;
  const evenness = evennessOf(
    picture.tools.find((one) => one.tool === leader.after),
    columns,
  );
  const confidence = confidenceOf(
    clarity(length, MIN_RUN, 8),
    clarity(led, MIN_LED, 0.95),
    clarity(spared, MIN_SPARED, 0.5),
    clarity(evenness, MIN_EVENNESS, 4),
    rows < MIN_RUNS ? 0 : clarityOfCount(rows, 2),
  );
  return [
    {
      cause: 'n_plus_one',
      title: 'Callers ask for the entries of a list one by one',
      severity: severityOf(length * spared, [1, 12, 40]),
      confidence,
      shareOfTimePercent: sharePercent(picture, rows * (length - 1) * columns.meanMs),
      tools: [tool, leader.after],
      evidence: known(
        evidence('calls in a row', length),
        evidence('rows of calls seen', rows),
        evidence('rows that the other tool began', 100 * led, '%'),
        evidence('calls that could be spared', 100 * spared, '%'),
      ),
      advice: [
        'Let the tool take several ids at once, and say so in its description: models ask one by one because nothing else is offered.',
        'Put what callers look up next into the entries of the list, or offer it by an option.',
      ],
    },
  ];
}

/**
 * Sessions that call tools at random have long rows of the busiest one too. Their calls of the leader are spread over
 * time as a binomial is; where each row has its leader they are spread more evenly. The index of dispersion is chi-squared
 * by chance (Fisher, Thornton & Mackenzie, Annals of Applied Biology 9, 1922), made normal by its cube root (Wilson &
 * Hilferty, PNAS 17, 1931).
 * @returns standard deviations below chance; NaN of too few rows
 */
function evennessOf(leader: ToolPicture | undefined, follower: ToolPicture): number {
  if (leader === undefined) return Number.NaN;
  const share = leader.totalCalls / (leader.totalCalls + follower.totalCalls);
  let [squares, groups, calls, leaders] = [0, 0, 0, 0];
  for (let slot = 0; slot < leader.calls.length; slot++) {
    calls += leader.calls[slot]! + follower.calls[slot]!;
    leaders += leader.calls[slot]!;
    if (share * calls < MIN_LEADERS) continue;
    squares += (leaders - share * calls) ** 2 / (calls * share * (1 - share));
    groups += 1;
    [calls, leaders] = [0, 0];
  }
  if (groups < MIN_GROUPS) return Number.NaN;
  const spread = 2 / (9 * (groups - 1));
  return (1 - spread - Math.cbrt(squares / (groups - 1))) / Math.sqrt(spread);
}
