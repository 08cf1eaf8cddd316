/** Runs the analysis thread from its source: a thread is not given the loader that its process runs sources with. */
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.program);
