/** An analysis of bottlenecks as a document. */
import type { Bottleneck, BottleneckAnalysis } from '../model/bottleneck.ts';
import type { ReportFormat } from '../model/report.ts';
import { code } from './names.ts';
import { count, counted, dateTime, percent } from './numbers.ts';
import { type Block, heading, paragraph, type Section, table } from './sections/block.ts';
