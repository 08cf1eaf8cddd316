/** What the preload loads once there is a server: the SDK as one CommonJS file. */
export { withMonitoring } from '../withMonitoring.ts';
