/** What a server's figures mean for how much of a machine to give it; each sentence with the numbers that it follows from. */
import type { ServerCapacity } from '../model/report.ts';
import { HOUR_MS } from '../model/rollup.ts';
import { inUnit, percent } from './numbers.ts';

type Figures = Omit<ServerCapacity, 'advice'>;

const LIMIT_PERCENT = 90;
const HIGH_CPU_PERCENT = 70;
const HIGH_MEMORY_PERCENT = 75;
/** Further ahead than this a straight line says nothing. */
const MAX_DAYS_AHEAD = 90;
/** Calls at a time from which on one process is worth watching. */
const MANY_AT_A_TIME = 10;
const BURSTY_FACTOR = 5;

/** @param instances processes that are alive: each can use one core */
export function capacityAdvice(figures: Figures, instances: number): string {
  const sentences = [
    memoryAdvice(figures),
    cpuAdvice(figures, instances),
    concurrencyAdvice(figures),
    burstAdvice(figures),
  ].filter((sentence) => sentence !== '');
  if (sentences.length > 0) return sentences.join(' ');
  return figures.resources === null
    ? 'It reports no resources: how much room it has is not known.'
    : 'It has room: no limit is near, and none comes nearer.';
}

function memoryAdvice({ resources }: Figures): string {
  if (resources === null) return '';
  const { memoryPercentMax, memoryMbMax, daysUntilMemoryLimit: days } = resources;
  const reached = `it reached ${percent(memoryPercentMax)} of its limit (${inUnit(memoryMbMax, 'MB')})`;
  if (days !== null && days <= MAX_DAYS_AHEAD) {
    return `Give it more memory or find what it keeps: ${reached} and grows; ${LIMIT_PERCENT} % in about ${inDays(days)}.`;
  }
  return memoryPercentMax >= HIGH_MEMORY_PERCENT ? `Give it more memory: ${reached}.` : '';
}

function cpuAdvice({ resources, callsPerSecond }: Figures, instances: number): string {
  if (resources === null) return '';
  const { cpuPercentAvg, cpuPercentMax, daysUntilCpuLimit: days } = resources;
  const used = `${percent(cpuPercentAvg)} of a core on average, ${percent(cpuPercentMax)} at most`;
  if (days !== null && days <= MAX_DAYS_AHEAD) {
    return `Plan for another process: it uses ${used}, and more every day; ${LIMIT_PERCENT} % of ${cores(instances)} in about ${inDays(days)}.`;
  }
  if (cpuPercentAvg < HIGH_CPU_PERCENT * instances) return '';
  const roomFor = (callsPerSecond.mean * HIGH_CPU_PERCENT * instances) / cpuPercentAvg;
  return `Add a process or spread its calls: it uses ${used}; ${HIGH_CPU_PERCENT} % of ${cores(instances)} is enough for about ${inUnit(roomFor, 'calls/s')}, and it has ${inUnit(callsPerSecond.mean, 'calls/s')}.`;
}

function concurrencyAdvice({ concurrency }: Figures): string {
  if (concurrency.busiest < MANY_AT_A_TIME) return '';
  return `Up to ${inUnit(concurrency.busiest, 'calls')} are under way at a time (${inUnit(concurrency.mean, '')} on average): pools of connections smaller than that make calls wait.`;
}

function burstAdvice({ callsPerSecond: { busiest, mean }, stepMs }: Figures): string {
  // A handful of calls an hour is no load, however uneven.
  if (busiest < 1 || busiest < BURSTY_FACTOR * mean) return '';
  const step = stepMs === HOUR_MS ? 'hour' : stepMs < HOUR_MS ? 'minute' : 'day';
  return `Plan for the peak and not for the mean: its busiest ${step} had ${inUnit(busiest / mean, 'times')} the calls of the average (${inUnit(busiest, 'calls/s')}).`;
}

function cores(instances: number): string {
  return instances === 1 ? 'one core' : `${instances} cores`;
}

function inDays(days: number): string {
  return days < 1 ? 'less than a day' : `${Math.round(days)} day${Math.round(days) === 1 ? '' : 's'}`;
}
