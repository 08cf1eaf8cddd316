/** Another process of the machine takes the processor: the server is ready to run and has no core, and all of it is slow then. */
import { clarity, clarityOfCount, confidenceOf } from '../clarity.ts';
import { sum, weightedMean } from '../picture/numbers.ts';
import { type Picture, shareOfExcess, shareOfTime } from '../picture/picture.ts';
import { type Candidate, evidence, known, severityOfLoss, sharePercent } from './candidate.ts';
import { isStarved } from './processor.ts';

/** Of the time. */
const MIN_STARVED = 0.1;

/** Of the time that calls lost, while the server had no core. */
const MIN_PART_OF_EXCESS = 0.4;

/** Of all time that calls took; below it nobody felt it. */
const MIN_LOST_PERCENT = 5;

export function noisyNeighbour(picture: Picture): Candidate[] {
  const { cpuPercent, cpuWaitPercent, hostCpuPercent } = picture.resources;
  const starves = (slot: number) => isStarved(picture, slot);
  const starved = shareOfTime(picture, cpuWaitPercent, starves);
  const part = shareOfExcess(picture.excessMs, starves);
  const lostPercent = sharePercent(picture, part * picture.totalExcessMs) ?? 0;
  const meanwhile = picture.widthMs.map((width, slot) => (starves(slot) ? width : 0));
  const waitPercent = weightedMean(cpuWaitPercent, meanwhile);
  const ownPercent = weightedMean(cpuPercent, meanwhile);
  const confidence = confidenceOf(
    clarity(starved, MIN_STARVED, 0.25),
    clarity(part, MIN_PART_OF_EXCESS, 0.75),
    clarity(lostPercent, MIN_LOST_PERCENT, 20),
    // What fills a core by itself waits for one whoever else there is.
    clarity(ownPercent, 70, 40),
    clarityOfCount(meanwhile.filter((width) => width > 0).length, 1),
  );
  return [
    {
      cause: 'noisy_neighbour',
      title: 'Other processes of the machine take the processor away',
      severity: severityOfLoss(
        lostPercent,
        picture.totalExcessMs / sum(picture.tools.map(({ slowCalls }) => slowCalls)),
      ),
      confidence,
      shareOfTimePercent: lostPercent,
      tools: slowed(picture, starves),
      evidence: known(
        evidence('time in which it was short of a core', 100 * starved, '%'),
        evidence('waiting for a core meanwhile', waitPercent, '%'),
        evidence('processor used by itself meanwhile', ownPercent, '%'),
        evidence('all cores of the machine in use meanwhile', weightedMean(hostCpuPercent, meanwhile), '%'),
      ),
      advice: [
        'Look on the machine who uses the processor (top, ps), and move it elsewhere or give it a lower priority (nice, cpu shares of its container).',
        'Give the server cores of its own: a reservation for its container, or CPUAffinity.',
      ],
    },
  ];
}

/** Tools that lost most of their time then. */
function slowed(picture: Picture, starves: (slot: number) => boolean): string[] {
  return picture.tools
    .filter(({ excessMs, totalExcessMs }) => totalExcessMs > 0 && shareOfExcess(excessMs, starves) >= 0.5)
    .map(({ tool }) => tool);
}
