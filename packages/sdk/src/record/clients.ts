/**
 * Which clients call a server, by the name that each gives itself, and how long their calls of each tool take. Recorded from
 * the moment a second client calls: with one, it is what is recorded under `tool` already. Bounded by itself and not by
 * `maxSeries`: clients have whatever names they like. See docs/decisions/0038-clients.md.
 */
import type { SeriesKind } from '@mcp-vitals/wire/encode';
import { formatToolSeriesName } from '@mcp-vitals/wire/encode';
import type { Client, MonitoredServer, Series } from '../window/series.ts';
import { OTHER_SERIES } from './otherSeries.ts';

/** Longer names are cut: with the name of a tool, of 128 characters at most, it is what collectors keep of a name. */
const MAX_NAME_LENGTH = 60;

/** Clients of a server that are told apart; further ones are one together. */
export const MAX_CLIENTS = 10;

/** Series of kind `by_client` of a server; further ones are not recorded. */
export const MAX_CLIENT_SERIES = 300;

export interface ClientsDeps {
  createSeries(server: MonitoredServer, kind: SeriesKind, name: string): Series;
}

export class Clients {
  constructor(private readonly deps: ClientsDeps) {}

  /** The client of this name; undefined for what is no name. */
  of(server: MonitoredServer, given: unknown): Client | undefined {
    if (typeof given !== 'string' || given === '') return undefined;
    const name = given.slice(0, MAX_NAME_LENGTH).toWellFormed();
    return server.clients.get(name) ?? this.#add(server, name);
  }

  /** Where calls of `client` are recorded beside `series`; undefined where it is not said whose calls they are. */
  seriesOf(series: Series, client: Client): Series | undefined {
    if (!series.server.hasSeveralClients || !series.isRelated) return undefined;
    return series.byClient[client.index] ?? this.#addSeries(series, client);
  }

  #add(server: MonitoredServer, name: string): Client {
    const { clients } = server;
    const isOther = clients.size >= MAX_CLIENTS;
    const key = isOther ? OTHER_SERIES : name;
    const client = clients.get(key) ?? { name: key, index: clients.size };
    clients.set(key, client);
    server.hasSeveralClients = clients.size > 1;
    return client;
  }

  #addSeries(series: Series, client: Client): Series | undefined {
    const { server } = series;
    if (server.clientSeriesCount === MAX_CLIENT_SERIES) return undefined;
    server.clientSeriesCount += 1;
    const name = formatToolSeriesName(series.name, { client: client.name });
    const added = this.deps.createSeries(server, 'by_client', name);
    series.byClient[client.index] = added;
    return added;
  }
}
