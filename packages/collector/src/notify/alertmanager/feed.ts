/**
 * Tells Alertmanagers which of our alerts hold. They forget what nobody repeats, so all of it is sent again every minute, and
 * within seconds of a change; see `docs/decisions/0023-alertmanager.md`.
 */
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config/schema.ts';
import type { Silence } from '../../model/alert.ts';
import { MINUTE_MS } from '../../model/rollup.ts';
import type { WorkShare } from '../../model/workShare.ts';
import type { Store } from '../../store/store.ts';
import type { LaneStatus } from '../lane.ts';
import type { Secrets } from '../secrets.ts';
import { AlertmanagerPeer } from './peer.ts';
import { ToldAlerts } from './told.ts';

export interface FeedOptions {
  /** Of the alerts that this collector looks after. */
  store: Pick<Store, 'readAlerts' | 'getAlert' | 'readItems'>;
  share: Pick<WorkShare, 'isLive'>;
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  settings: Config['alertmanager'];
  secrets: Secrets;
  timeoutMs: number;
  /** Where people reach the page. */
  pageUrl(): string;
}

const REPEAT_MS = MINUTE_MS;
const UNRESOLVED = ['active', 'acknowledged', 'escalated'] as const;

export class AlertmanagerFeed {
  readonly #options: FeedOptions;
  readonly #peers: readonly AlertmanagerPeer[];
  readonly #told = new ToldAlerts();
  /** Number of the state that is to be told; a change and a minute that has passed make another one. */
  #state = 0;
  #stateAtMs: number;
  #isChanged = false;

  /** @throws VitalsError `invalid` for a secret that cannot be read */
  constructor(options: FeedOptions) {
    const { settings, secrets, timeoutMs, clock } = options;
    this.#options = options;
    this.#stateAtMs = clock.monotonicMs();
    const headers = authorizationOf(settings, secrets);
    this.#peers = settings.urls.map(
      (url, i) =>
        new AlertmanagerPeer({
          // An address may hold a secret, and a channel cannot have this name.
          name: `alertmanager:${i + 1}`,
          url: secrets.resolve(url),
          headers,
          timeoutMs,
          clock,
        }),
    );
  }

  /** An alert has changed. Cheap: what comes close together is told together, by the next tick. */
  changed(): void {
    this.#isChanged = true;
  }

  /** Call every few seconds. */
  async tick(): Promise<void> {
    const { clock, share, pageUrl } = this.#options;
    if (this.#peers.length === 0 || !share.isLive()) return;
    if (this.#isChanged || clock.monotonicMs() - this.#stateAtMs >= REPEAT_MS) {
      this.#state += 1;
      this.#stateAtMs = clock.monotonicMs();
      this.#isChanged = false;
    }
    const state = this.#state;
    const peers = this.#peers.filter((peer) => peer.wants(state));
    if (peers.length === 0) return;
    await this.#look();
    const alerts = this.#told.list(pageUrl(), clock.nowMs());
    await Promise.all(peers.map((peer) => peer.tell(state, alerts)));
  }

  status(): LaneStatus[] {
    return this.#peers.map(({ status }) => status);
  }

  /** What sends nothing to one of them, to see whether it takes it; undefined where there is none of this name. */
  testOf(name: string): (() => Promise<void>) | undefined {
    const peer = this.#peers.find((each) => each.name === name);
    return peer && (() => peer.post([]));
  }

  close(): void {
    for (const peer of this.#peers) peer.close();
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#options;
    const open = await store.readAlerts({ statuses: UNRESOLVED });
    const silences = (await store.readItems('silence')).map(({ value }) => value as Silence);
    await this.#told.update(open, silences, (alertId) => store.getAlert(alertId), clock.nowMs());
  }
}

function authorizationOf(
  { bearerToken, user, password }: Config['alertmanager'],
  secrets: Secrets,
): Record<string, string> {
  if (bearerToken !== '') return { authorization: `Bearer ${secrets.resolve(bearerToken)}` };
  if (user === '') return {};
  const login = Buffer.from(`${user}:${password === '' ? '' : secrets.resolve(password)}`).toString('base64');
  return { authorization: `Basic ${login}` };
}
