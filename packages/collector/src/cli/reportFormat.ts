/** Of a report that a command writes to a file: what it is to be, as the name of the file says. */
import { VitalsError } from '../errors.ts';
import type { ReportFormat } from '../model/report.ts';

const FORMATS: Readonly<Record<string, ReportFormat>> = { md: 'markdown', html: 'html', json: 'json' };

/** @throws VitalsError `invalid` */
export function reportFormatOf(file: string): ReportFormat {
  const format = FORMATS[file.split('.').at(-1)!];
  if (format !== undefined) return format;
  throw new VitalsError('invalid', `--report ${file}: its name says the format`, {
    hint: 'End it with .md, .html or .json.',
  });
}
