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

/**
 * One pair of tools in a hundred that are called at random drifts less (Anderson & Darling, "Asymptotic theory of certain
 * goodness of fit criteria", Annals of Mathematical Statistics 23, 1952, table 1).
 */
const MAX_DRIFT = 0.0248;

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
  const drift = driftOf(
    picture.tools.find((one) => one.tool === leader.after),
    columns,
  );
  const confidence = confidenceOf(
    clarity(length, MIN_RUN, 8),
    clarity(led, MIN_LED, 0.95),
    clarity(spared, MIN_SPARED, 0.5),
    clarity(drift, MAX_DRIFT, MAX_DRIFT / 2),
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
 * Sessions that call tools at random have long rows of the busiest one too. Whose calls of the leader are random drifts away
 * from the leader's share of the calls and comes back, as a bridge of Brown's motion; where each row has its leader, the calls
 * so far are never more than a row away from it. The mean square of that distance, in the variance of a binomial: the
 * statistic of Cramér and von Mises, on its lower side.
 */
function driftOf(leader: ToolPicture | undefined, follower: ToolPicture): number {
  if (leader === undefined) return Number.NaN;
  const all = leader.totalCalls + follower.totalCalls;
  const share = leader.totalCalls / all;
  let [distance, squares] = [0, 0];
  for (let slot = 0; slot < leader.calls.length; slot++) {
    const calls = leader.calls[slot]! + follower.calls[slot]!;
    distance += leader.calls[slot]! - share * calls;
    squares += calls * distance ** 2;
  }
  return squares / all / (all * share * (1 - share));
}
