/**
 * What the causes share whose calls wait for something that is not the process itself: a tool whose slow calls use little of
 * the processor, in slots in which the process was free. By how their time depends on the number under way they are told
 * apart, see `picture/curve.ts`.
 */
import { clarity, clarityOfCount, confidenceOf } from '../clarity.ts';
import { type Curve, curveOf } from '../picture/curve.ts';
import type { Picture } from '../picture/picture.ts';
import type { ToolPicture } from '../picture/toolPicture.ts';
import { type Candidate, evidence, known, severityOfLoss, sharePercent } from './candidate.ts';
import { freeShareOfExcess } from './processor.ts';

/** Of the usual time of a call, processor time: with more, the work itself is what takes the time. */
const MAX_CPU_PART = 0.5;

/** Of the time that the tool lost, in slots in which the process was free. */
const MIN_FREE = 0.4;

/** Of all time of the server. */
const MIN_LOST_PERCENT = 5;

/** Least exponents of "in proportion" and of "ever faster". */
export const PROPORTIONAL = 0.4;
export const FASTER = 1.35;

export interface WaitingTool {
  tool: ToolPicture;
  curve: Curve;
  lostPercent: number;
  cpuMsPerCall: number;
  /** Of the tests that all these causes share. */
  confidence: number;
}

/** Tools that lose time although their process is free, those that lose most first. */
export function waitingTools(picture: Picture): WaitingTool[] {
  return picture.tools
    .map((tool, i) => waitingTool(picture, tool, picture.cpuMsPerCall[i]!))
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.lostPercent - a.lostPercent);
}

function waitingTool(picture: Picture, tool: ToolPicture, cpuMsPerCall: number): WaitingTool {
  const lostPercent = sharePercent(picture, tool.totalExcessMs) ?? 0;
  const confidence = confidenceOf(
    clarity(lostPercent, MIN_LOST_PERCENT, 20),
    clarity(freeShareOfExcess(picture, tool.excessMs), MIN_FREE, 0.8),
    clarity(cpuMsPerCall / tool.usualMs, MAX_CPU_PART, 0.2),
    clarityOfCount(tool.slowCalls, 5),
  );
  return { tool, curve: curveOf(tool, picture.widthMs), lostPercent, cpuMsPerCall, confidence };
}

/** A finding about such a tool, with the evidence that all of them have. */
export function waitingFinding(
  { tool, curve, lostPercent }: WaitingTool,
  own: Pick<Candidate, 'cause' | 'title' | 'confidence' | 'evidence' | 'advice'>,
): Candidate {
  const slowMs = tool.excessMs.reduce((total, ms) => total + ms, 0) / tool.slowCalls + tool.usualMs;
  return {
    ...own,
    severity: severityOfLoss(lostPercent, slowMs - tool.usualMs),
    shareOfTimePercent: lostPercent,
    tools: [tool.tool],
    evidence: known(
      ...own.evidence,
      evidence('duration when nothing is in the way', tool.usualMs, 'ms'),
      evidence('duration when slow', slowMs, 'ms'),
      evidence('calls that were slow', (100 * tool.slowCalls) / tool.totalCalls, '%'),
      evidence('power of the number under way with which it rises', curve.exponent),
    ),
  };
}
