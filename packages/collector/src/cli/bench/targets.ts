/** Targets as they are typed and shown. */
import { DEFAULT_TARGETS, type Targets } from '../../baseline/summary.ts';
import { VitalsError } from '../../errors.ts';
import { number } from './numbers.ts';

const TARGET_NAMES: Readonly<Record<string, keyof Targets>> = {
  p50: 'p50Ms',
  p95: 'p95Ms',
  p99: 'p99Ms',
  errors: 'errorPercent',
};

/** @throws VitalsError `invalid` */
export function targetsOf(typed: readonly string[]): Targets {
  const targets = { ...DEFAULT_TARGETS };
  for (const each of typed) {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(each) ?? [];
    if (!Object.hasOwn(TARGET_NAMES, name))
      throw new VitalsError('invalid', `--target ${each}: not a target`, { hint: 'E.g. --target p95=250' });
    targets[TARGET_NAMES[name]!] = number(`--target ${name}`, value, 0, 1e9);
  }
  return targets;
}

/** E.g. `p50 < 200 ms, p95 < 500 ms, p99 < 1000 ms, errors < 0.1 %`. */
export function targetWords(targets: Targets): string {
  return Object.entries(TARGET_NAMES)
    .map(([name, key]) => `${name} < ${targets[key]} ${name === 'errors' ? '%' : 'ms'}`)
    .join(', ');
}
