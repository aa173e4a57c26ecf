import { a2aJsonType } from '@colloquy/protocol/v1';
import type { WebhookCall } from '../../modules/deliveries/index.ts';

/** A notification in the words of one version of A2A. */
export interface NotificationBody {
  readonly contentType: string;
  readonly text: string;
}

/** The body of a notification: one StreamResponse (A2A 1.0 section 4.3.3), as it stands in the log. */
export function notificationBody({ json }: Pick<WebhookCall, 'json'>): NotificationBody {
  return { contentType: a2aJsonType, text: json };
}
