/** Public names of `@mcp-vitals/collector`, for programs that run a collector inside themselves. */

export type { AppDeps } from './app/context.ts';
export { type App, startApp } from './app.ts';
export { type Clock, systemClock } from './clock.ts';
export { type ConfigFlags, type LoadedConfig, loadConfig } from './config/load.ts';
export type { Config, ConfigInput } from './config/schema.ts';
export { type ErrorCode, VitalsError } from './errors.ts';
