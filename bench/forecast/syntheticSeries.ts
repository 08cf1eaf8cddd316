/**
 * What the figures of servers look like over weeks, from seeded generators: days and weeks that repeat, growth, deployments that shift the
 * level, traffic that stops at night, leaks with restarts, outages. The same seed gives the same series on every machine.
 */
import { DAY_MS, HOUR_MS } from '../../packages/collector/src/model/rollup.ts';
import { type Random, seededRandom } from '../datasets.ts';
import type { NamedSeries } from './readSeries.ts';

const HOURLY_DAYS = 60;
const DAILY_DAYS = 365;

interface Context {
  random: Random;
  normal(): number;
  days: number;
}

/** The value of each step, given the day it is in, counted with a fraction. */
type Shape = (context: Context) => (day: number) => number;

const SHAPES: Readonly<Record<string, Shape>> = {
  /** p95 of a tool that is slower when people work. */
  'busy days': ({ normal }) => {
    const noise = autoregressive(normal, 0.5);
    return (day) => 200 + 80 * office(day) + 15 * noise();
  },
  /** Calls per hour of a tool that more and more people use. */
  'growing traffic': ({ normal, days, random }) => {
    const growth = 1 + 2 * random();
    return (day) => (60 + 400 * office(day)) * (1 + (growth * day) / days) * Math.exp(0.15 * normal());
  },
  /** Its data grows, and so do its times. */
  'rising times': ({ normal, random }) => {
    const perDay = 1 + 4 * random();
    const noise = autoregressive(normal, 0.3);
    return (day) => 150 + perDay * day + 30 * daytime(day) + 12 * noise();
  },
  /** Deployments now and then, each with a level of its own. */
  deployments: ({ normal, random, days }) => {
    const levels = Array.from({ length: Math.ceil(days / 20) + 1 }, () => 100 + 150 * random());
    return (day) => levels[Math.floor(day / 20)]! + 40 * daytime(day) + 10 * normal();
  },
  /** Nobody calls at night: there is nothing then. */
  'quiet nights':
    ({ normal }) =>
    (day) => {
      const hour = 24 * (day % 1);
      return hour >= 7 && hour < 20 ? 120 * Math.exp(0.2 * normal()) + 40 * office(day) : Number.NaN;
    },
  /** Memory that leaks until the process is started again. */
  'leak with restarts': ({ normal, random }) => {
    const period = 4 + Math.floor(5 * random());
    return (day) => 300 + (90 * (day % period)) / period + 3 * normal();
  },
  /** One that is not started again. */
  leak: ({ normal, random }) => {
    const perDay = 2 + 6 * random();
    return (day) => 200 + perDay * day + 4 * normal();
  },
  /** Errors in per cent: mostly few, and sometimes many for some hours. */
  'bursts of errors': ({ normal, random }) => {
    let left = 0;
    return () => {
      if (left === 0 && random() < 0.01) left = 1 + Math.floor(5 * random());
      if (left > 0) left--;
      return left > 0 ? 20 + 10 * random() : Math.max(0, 0.6 + 0.3 * normal());
    };
  },
  /** Outages of hours, of which nothing is known. */
  outages: ({ normal, random }) => {
    let left = 0;
    return (day) => {
      if (left === 0 && random() < 0.008) left = 3 + Math.floor(20 * random());
      if (left > 0) left--;
      return left > 0 ? Number.NaN : 80 + 30 * office(day) + 8 * normal();
    };
  },
  /** Nothing repeats and nothing holds: a level that wanders. */
  wandering: ({ normal }) => {
    let level = 500;
    return () => {
      level = Math.max(50, level + 6 * normal());
      return level + 10 * normal();
    };
  },
};

/** @returns per shape and seed a series of hours; of those that make sense by day, of days as well */
export function syntheticSeries(seeds: readonly number[]): NamedSeries[] {
  return seeds.flatMap((seed) =>
    Object.entries(SHAPES).flatMap(([kind, shape], index) => {
      const hourly = generated(kind, shape, seed * 100 + index, HOURLY_DAYS, HOUR_MS);
      const hasDays = !['quiet nights', 'outages'].includes(kind);
      return hasDays ? [hourly, generated(kind, shape, seed * 100 + 50 + index, DAILY_DAYS, DAY_MS)] : [hourly];
    }),
  );
}

function generated(kind: string, shape: Shape, seed: number, days: number, stepMs: number): NamedSeries {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const valueAt = shape({ random, normal, days });
  const perDay = DAY_MS / stepMs;
  // By day: what it was at three in the afternoon.
  const values = Float64Array.from({ length: days * perDay }, (_, i) =>
    valueAt(i / perDay + (perDay === 1 ? 0.625 : 0)),
  );
  return { name: `${kind}, ${seed}`, kind: `${kind}, ${perDay === 1 ? 'days' : 'hours'}`, stepMs, values };
}

/** From 0 at night to 1 in the afternoon; a quarter of it at the weekend. */
function office(day: number): number {
  return Math.max(0, Math.sin(2 * Math.PI * (day - 0.3))) * (Math.floor(day) % 7 >= 5 ? 0.25 : 1);
}

function daytime(day: number): number {
  return Math.sin(2 * Math.PI * (day - 0.3));
}

function autoregressive(normal: () => number, memory: number): () => number {
  let last = 0;
  return () => {
    last = memory * last + Math.sqrt(1 - memory ** 2) * normal();
    return last;
  };
}
