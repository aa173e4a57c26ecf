import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { LedgerEntryKind, LedgerQuery } from '../../../modules/metering/index.ts';
import type { Statement } from '../statement.ts';

export interface LedgerRow {
  readonly kind: LedgerEntryKind;
  readonly reservation_id: string;
  readonly amount_microcredits: bigint;
  readonly created_at: Date;
}

const text = `
  select kind, reservation_id, amount_microcredits, created_at
  from colloquy.ledger_entries
  where tenant_id = $1
    and ($2::uuid is null or reservation_id = $2)
    and ($3::uuid is null or (reservation_id, kind) < ($3, $4::text))
  order by reservation_id desc, kind desc
  limit $5`;

/** A tenant's ledger entries, newest reservation first. */
export function listLedgerEntries(tenantId: TenantId, query: LedgerQuery): Statement<LedgerRow> {
  const { after, reservationId, limit } = query;
  return {
    name: 'list-ledger-entries',
    text,
    values: [uuidOf(tenantId), reservationId, after?.reservationId ?? null, after?.kind ?? null, limit],
  };
}
