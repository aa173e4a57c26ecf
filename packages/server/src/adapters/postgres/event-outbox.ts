import { uuidOf } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { OutboxEvent } from '../../kernel/outbox-event.ts';
import type { Statement } from './statement.ts';

/**
 * Appends events to the outbox of a tenant; resolves with how many were appended. An event that no sink of the tenant is set for, or that was appended
 * before, is left out. Put it last in the transaction of the cause, and of several tenants in the order of their ids: the tenant's stream stays
 * locked until the end. Statements that know their events only in SQL call `colloquy.append_to_outbox` themselves, with {@link outboxKeptMax}.
 */
export function appendToOutbox(
  tenantId: TenantId,
  events: readonly OutboxEvent[],
): Statement<{ readonly appended: bigint }> {
  return {
    name: 'append-to-outbox',
    text: 'select colloquy.append_to_outbox($1::uuid, $2::jsonb, $3::bigint) as appended',
    values: [uuidOf(tenantId), JSON.stringify(events), outboxKeptMax],
  };
}

/** Events of one tenant that the outbox holds; above it the oldest are dropped. */
export const outboxKeptMax = limits.eventsPerTenantMax;
