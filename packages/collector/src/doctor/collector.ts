/** Whether a collector answers where servers look for one, and whether its clock agrees with this machine's. */
import { askCollector } from '../daemon/askCollector.ts';
import { readDiscovery } from '../daemon/discovery.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const CHECK = 'collector';
/** The `Date` header counts whole seconds, and asking takes time. */
const MAX_SKEW_MS = 5_000;

/** @param configuredUrl where servers are told to send (`MCP_VITALS_URL`); without it they look in the data directory */
export async function checkCollector(dataDir: string, configuredUrl: string | undefined): Promise<Finding[]> {
  const url = configuredUrl || readDiscovery(dataDir)?.url;
  if (url === undefined)
    return [
      problem(
        CHECK,
        `none has left its address in ${dataDir}`,
        'Start one: `mcp-vitals serve`, or an MCP client that has it.',
      ),
    ];
  if (!/^https?:/.test(url) || !URL.canParse(url))
    return [
      warning(
        CHECK,
        `${url} is no HTTP address, and is not asked`,
        'Correct MCP_VITALS_URL, unless servers send by a socket.',
      ),
    ];
  const answer = await askCollector(url, '/healthz');
  if (answer === undefined)
    return [
      problem(
        CHECK,
        `nobody answers at ${url}`,
        'Start it again: `mcp-vitals serve`. Nothing is lost meanwhile: servers keep what they measure.',
      ),
    ];
  const { statusCode, body, date } = answer;
  if (statusCode !== 200 || body?.ok !== true)
    return [
      problem(CHECK, `what answers at ${url} is no collector`, 'Stop what listens there, or set MCP_VITALS_URL.'),
    ];
  return [ok(CHECK, `version ${String(body.version)} answers at ${url}`), judgeClock(date, Date.now())];
}

/** @param date the header of an answer that has just come */
export function judgeClock(date: string | string[] | undefined, nowMs: number): Finding {
  const skewMs = nowMs - Date.parse(String(date));
  if (Number.isNaN(skewMs) || Math.abs(skewMs) <= MAX_SKEW_MS) return ok('clock', "agrees with the collector's");
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  return warning(
    'clock',
    `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the collector's`,
    'Have both machines set their clocks from the network. Times of measurements are corrected until then.',
  );
}
