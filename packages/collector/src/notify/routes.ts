/** Which channels a message goes to. Pure. */
import type { Config, Route } from '../config/schema.ts';
import { VitalsError } from '../errors.ts';
import type { AlertMessage } from '../model/notification.ts';
import { matchesAnyServer } from '../model/workspace.ts';

export type Routing = Pick<Config, 'environments'> &
  Pick<Config['notifications'], 'channels' | 'routes' | 'reportChannels'>;

/** What goes to every channel that a person reads where no routes are given. Acknowledging and resolving is no news by itself. */
const DEFAULT_STATES: readonly string[] = ['created', 'returned', 'severity_raised', 'escalated', 'cleared'];

/** Each once, in the order of the configuration. */
export function channelsOf(message: AlertMessage, routing: Routing): string[] {
  const { channels } = message.alert;
  if (channels !== undefined) return DEFAULT_STATES.includes(message.change) ? presentOf(channels, routing) : [];
  if (routing.routes.length === 0) return DEFAULT_STATES.includes(message.change) ? readByPeople(routing) : [];
  const chosen = routing.routes.filter((route) => isRouteOf(route, message, routing));
  return [...new Set(chosen.flatMap(({ channels }) => channels))];
}

/** A channel may have been taken out of the settings since. */
function presentOf(names: readonly string[], { channels }: Routing): string[] {
  return Object.keys(channels).filter((name) => names.includes(name));
}

/** Digests go where alerts go: to whom any route leads. */
export function digestChannels(routing: Routing): string[] {
  const people = readByPeople(routing);
  if (routing.routes.length === 0) return people;
  const routed = new Set(routing.routes.flatMap(({ channels }) => channels));
  return people.filter((channel) => routed.has(channel));
}

function readByPeople({ channels }: Routing): string[] {
  return Object.keys(channels).filter((name) => channels[name]!.type !== 'mcp');
}

function isRouteOf(route: Route, { change, alert, deploy }: AlertMessage, { environments }: Routing): boolean {
  const isSevere = route.severity === 'warning' || alert.severity === 'critical';
  const isInEnvironment =
    route.environments?.some((name) => matchesAnyServer(environments[name] ?? [], alert.server)) ?? true;
  return (
    (route.states as readonly string[]).includes(change) &&
    isSevere &&
    matchesAnyServer(route.servers, alert.server) &&
    isInEnvironment &&
    (!route.afterDeploy || deploy !== null)
  );
}

/** @throws VitalsError `invalid` for a channel or an environment that is not there */
export function checkRoutes({ channels, routes, reportChannels, environments }: Routing): void {
  const used = [...routes.flatMap((route) => route.channels), ...reportChannels];
  const missing = used.find((name) => !Object.hasOwn(channels, name));
  if (missing !== undefined) {
    throw new VitalsError('invalid', `There is no channel "${missing}"`, {
      hint: 'Add it to notifications.channels, or take it out of routes and reportChannels.',
    });
  }
  const unknown = routes
    .flatMap((route) => route.environments ?? [])
    .find((name) => !Object.hasOwn(environments, name));
  if (unknown !== undefined) {
    throw new VitalsError('invalid', `There is no environment "${unknown}"`, {
      hint: 'Add it to the setting environments.',
    });
  }
}
