/** What an alert was raised at. */
import { formatNumber } from './numbers.ts';

/** In the unit that its condition ends with. */
export function alertValue({ currentValue, condition }: { currentValue: number; condition: string }): string {
  const unit = /(?:ms|%)$/.exec(condition)?.[0];
  return unit === undefined ? formatNumber(currentValue) : `${formatNumber(currentValue)} ${unit}`;
}
