/**
 * What runs beside the collector's own thread, by name: pure functions from evidence to findings, whose input and output
 * can be cloned (plain objects, arrays and typed arrays). Whoever reads the store hands over columns, never a sketch.
 */
import { analyseServer } from './bottlenecks/analyseServer.ts';
import { judgePolicy } from './optimise/judgePolicy.ts';
import { planOptimization } from './optimise/planOptimization.ts';
import { analyseTrends } from './trends/analyseTrends.ts';

export const ANALYSES = { analyseServer, planOptimization, judgePolicy, trends: analyseTrends } as const;

export type AnalysisName = keyof typeof ANALYSES;

type Analyses = typeof ANALYSES;
type Run<Name extends AnalysisName> = Analyses[Name] extends (input: never) => unknown ? Analyses[Name] : never;

export type AnalysisInput<Name extends AnalysisName> = Parameters<Run<Name>>[0];
export type AnalysisOutput<Name extends AnalysisName> = ReturnType<Run<Name>>;
