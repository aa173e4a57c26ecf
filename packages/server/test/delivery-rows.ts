import { uuidOf } from '../src/kernel/ids.ts';
import type { SeededTenant } from './task-setting.ts';

interface Rows {
  rows(sql: string, ...values: readonly unknown[]): Promise<unknown>;
}

/** A push subscription of one of the tenant's tasks, with a delivery that is settled. */
export async function seedDelivery(setting: Rows, { tenantId }: Pick<SeededTenant, 'tenantId'>): Promise<void> {
  await setting.rows(
    `with followed as (
       insert into colloquy.push_subscriptions (tenant_id, task_id, subscription_id, config_id, url, origin, protocol_version,
         created_by, sent_seq, is_active)
       select t.tenant_id, t.task_id, gen_random_uuid(), 'hook', 'https://hook.example/x', 'https://hook.example', '1.0', t.owner_id,
         1, true
       from colloquy.tasks t where t.tenant_id = $1 limit 1
       returning tenant_id, task_id, subscription_id
     )
     insert into colloquy.deliveries (tenant_id, task_id, subscription_id, seq, delivery_id, state, attempts)
     select tenant_id, task_id, subscription_id, 1, gen_random_uuid(), 'delivered', 1 from followed`,
    uuidOf(tenantId),
  );
}
