/** What every channel is, and how one fails. */
import type { Notification } from '../../model/notification.ts';
import type { Content } from '../content.ts';

export interface Channel {
  /**
   * Resolves when the other side has taken the notification.
   * @throws DeliveryError, or anything else, when it has not
   */
  send(notification: Notification, content: Content, signal: AbortSignal): Promise<void>;
  close?(): Promise<void>;
}

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(
    message: string,
    /** The other side will not take this one however often it is sent. */
    readonly isRefused = false,
    /** What the other side asked for, in ms. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}
