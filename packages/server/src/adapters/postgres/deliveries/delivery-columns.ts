import { idOf } from '../../../kernel/ids.ts';
import type { Delivery, DeliveryFault, DeliveryState } from '../../../modules/deliveries/index.ts';

/** The columns of a delivery, from `colloquy.deliveries d` and its subscription. */
export const deliveryColumns = `d.delivery_id, d.task_id, d.subscription_id, s.config_id, s.url, d.seq, d.state, d.attempts,
    d.last_status, d.last_reason, d.first_attempt_at, d.last_attempt_at, s.secret_generation
  from colloquy.deliveries d
  join colloquy.push_subscriptions s
    on s.tenant_id = d.tenant_id and s.task_id = d.task_id and s.subscription_id = d.subscription_id`;

export interface DeliveryColumns {
  readonly delivery_id: string;
  readonly task_id: string;
  readonly subscription_id: string;
  readonly config_id: string;
  readonly url: string;
  readonly seq: number;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_reason: DeliveryFault | null;
  readonly first_attempt_at: Date;
  readonly last_attempt_at: Date;
  readonly secret_generation: number;
}

export function deliveryOf(row: DeliveryColumns): Delivery {
  return {
    deliveryId: idOf('dlv', row.delivery_id),
    taskId: idOf('tsk', row.task_id),
    subscriptionId: row.subscription_id.replaceAll('-', ''),
    configId: row.config_id,
    url: row.url,
    seq: row.seq,
    state: row.state,
    attempts: row.attempts,
    lastStatus: row.last_status,
    lastReason: row.last_reason,
    firstAttemptAt: row.first_attempt_at,
    lastAttemptAt: row.last_attempt_at,
    secretGeneration: row.secret_generation,
  };
}
