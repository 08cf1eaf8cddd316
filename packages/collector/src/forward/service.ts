/**
 * Forwards everything that the store holds to where the settings say: any OTLP backend, any receiver of Prometheus remote
 * write, or both. What holds when something fails stands in docs/decisions/0022-forwarding.md.
 */
import type { Batch } from '@mcp-vitals/wire/decode';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../logger.ts';
import type { WorkShare } from '../model/workShare.ts';
import type { Forwarding, ForwardingStatus } from '../serve/ports/outgoing.ts';
import type { Store } from '../store/store.ts';
import { Destination, type DestinationOptions } from './destination.ts';
import { Exemplars } from './exemplars.ts';
import type { SpanStore } from './nextSpan.ts';
import { createOtlp } from './otlp/otlp.ts';
import { createRemoteWrite } from './remoteWrite/remoteWrite.ts';

export interface ForwardingOptions {
  /** Beside other collectors, as this one's share of the work sees it. */
  store: SpanStore & Pick<Store, 'listServers' | 'saveItems' | 'keepLate'>;
  /** The same without a share. */
  everywhere: Pick<Store, 'readItems' | 'saveItems'>;
  share: WorkShare;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  config: Pick<Config, 'forward'>;
  logger: Pick<Logger, 'warn'>;
  graceMs: number;
  /** Of this program. */
  version: string;
  /** How the store writes names that come from outside. */
  storedName(name: string): string;
  /** Reads what the settings say in place of a secret. @throws VitalsError `invalid` */
  resolveSecret(text: string): string;
  /** A text with every secret replaced. */
  redact(text: string): string;
}

export interface Forwarder extends Forwarding {
  /** Told of each batch after it is durable. */
  observe(batch: Batch, skewMs: number): void;
  /** Sends what is due. Call every few seconds, after minutes were closed. */
  tick(nowMs: number): Promise<void>;
  close(): Promise<void>;
}

export function createForwarding(options: ForwardingOptions): Forwarder {
  const { store, share, clock } = options;
  const exemplars = new Exemplars(options.storedName);
  const destinations = openDestinations(options, exemplars);
  if (destinations.length > 0) {
    store.keepLate((server, minuteMs) =>
      destinations.filter(({ destination }) => destination.hasRead(server, minuteMs)).map(({ name }) => name),
    );
  }
  share.onChange((changed) => {
    if (changed.has('shares') || changed.has('rejoined'))
      for (const { destination } of destinations) destination.forget();
  });
  const status = (): ForwardingStatus[] => destinations.map(({ destination }) => destination.status(clock.nowMs()));

  return {
    observe(batch, skewMs) {
      if (destinations.length > 0) exemplars.observe(batch, skewMs);
    },
    async tick(nowMs) {
      if (!share.isLive()) return;
      await Promise.all(destinations.map(({ destination }) => destination.run(nowMs)));
    },
    status,
    failing: () => status().filter(({ failingSeconds }) => failingSeconds >= FAILING_AFTER_SECONDS),
    async close() {
      await Promise.all(destinations.map(({ destination }) => destination.close()));
    },
  };
}

/** The store holds what waits for a day or so; somebody is to be told well before. */
const FAILING_AFTER_SECONDS = 600;

type AnyDestination = Pick<Destination<unknown>, 'hasRead' | 'forget' | 'status' | 'run' | 'close'>;

function openDestinations(
  options: ForwardingOptions,
  exemplars: Exemplars,
): { name: string; destination: AnyDestination }[] {
  const { otlp, remoteWrite } = options.config.forward;
  const { version, resolveSecret } = options;
  const common = (from: 'now' | 'oldest', timeoutSeconds: number): Omit<DestinationOptions<never>, 'protocol'> => ({
    ...options,
    exemplars,
    from,
    timeoutMs: timeoutSeconds * 1000,
  });
  const destinations: { name: string; destination: AnyDestination }[] = [];
  if (otlp.endpoint !== '') {
    const { compression, temporality, from, timeoutSeconds } = otlp;
    const headers = resolveAll(otlp.headers, resolveSecret);
    const protocol = createOtlp({ endpoint: resolveSecret(otlp.endpoint), headers, compression, temporality, version });
    destinations.push({
      name: protocol.name,
      destination: new Destination({ ...common(from, timeoutSeconds), protocol }),
    });
  }
  if (remoteWrite.url !== '') {
    const { from, timeoutSeconds, bearerToken } = remoteWrite;
    const headers = {
      ...resolveAll(remoteWrite.headers, resolveSecret),
      ...(bearerToken !== '' && { authorization: `Bearer ${resolveSecret(bearerToken)}` }),
    };
    const protocol = createRemoteWrite({ url: resolveSecret(remoteWrite.url), headers, version });
    destinations.push({
      name: protocol.name,
      destination: new Destination({ ...common(from, timeoutSeconds), protocol }),
    });
  }
  return destinations;
}

function resolveAll(
  texts: Readonly<Record<string, string>>,
  resolve: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key.toLowerCase(), resolve(text)]));
}
