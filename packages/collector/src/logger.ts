/**
 * The log goes to stderr, always: stdout belongs to the MCP protocol. What is logged is what happened to the collector,
 * never what callers sent.
 */
import { destination, type Logger as PinoLogger, pino } from 'pino';
import type { Config } from './config/schema.ts';

export type Logger = Pick<PinoLogger, 'error' | 'warn' | 'info' | 'debug'>;

/** A logger that writes JSON lines to stderr, at once: a process that is killed has said what it said. */
export function createLogger(level: Config['logLevel']): Logger {
  return pino({ name: 'mcp-vitals', level, base: { pid: process.pid } }, destination({ dest: 2, sync: true }));
}
