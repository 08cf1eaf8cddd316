/**
 * Loaded with `node --import` before a third-party server that stays as it was published: gives it the one line from
 * outside, by calling `withMonitoring(this)` when a server of the SDK that the program itself resolves is connected.
 */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { withMonitoring } from '@mcp-vitals/sdk';

const program = realpathSync(process.argv[1]);
// `require` finds the CommonJS build; an ES module imports its twin.
const commonJs = createRequire(program).resolve('@modelcontextprotocol/sdk/server/index.js');
const esModule = commonJs.replace(/([\\/])cjs([\\/])/, '$1esm$2');
const { Server } = await import(pathToFileURL(esModule).href);

const connect = Server.prototype.connect;
Server.prototype.connect = function connectMonitored(...args) {
  withMonitoring(this);
  return connect.apply(this, args);
};
