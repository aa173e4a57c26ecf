import { idOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PushSubscription } from '../../../modules/deliveries/index.ts';

/** The columns of a subscription that its owner may see, as statements select them from `colloquy.push_subscriptions s`. */
export const subscriptionColumns = `s.task_id, s.subscription_id, s.config_id, s.url, s.credentials_scheme, s.created_at`;

export interface SubscriptionColumns {
  readonly task_id: string;
  readonly subscription_id: string;
  readonly config_id: string;
  readonly url: string;
  readonly credentials_scheme: string | null;
  readonly created_at: Date;
}

export function subscriptionOf(tenantId: TenantId, row: SubscriptionColumns): PushSubscription {
  return {
    tenantId,
    taskId: idOf('tsk', row.task_id),
    subscriptionId: row.subscription_id.replaceAll('-', ''),
    configId: row.config_id,
    url: row.url,
    credentialsScheme: row.credentials_scheme,
    createdAt: row.created_at,
  };
}
