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

// Bounds instead of "or is null", so that every page is read along the index.
const lowest = '00000000-0000-0000-0000-000000000000';
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const afterEveryKind = 'z';

const text = `
  select kind, reservation_id, amount_microcredits, created_at
  from colloquy.ledger_entries
  where tenant_id = $1
    and reservation_id between coalesce($2, $5::uuid) and coalesce($2::uuid, $6::uuid)
    and (reservation_id, kind) < ($3::uuid, $4::text)
  order by reservation_id desc, kind desc
  limit $7`;

/** A tenant's ledger entries, newest reservation first. */
export function listLedgerEntries(tenantId: TenantId, query: LedgerQuery): Statement<LedgerRow> {
  const { after, reservationId, limit } = query;
  return {
    name: 'list-ledger-entries',
    text,
    values: [
      uuidOf(tenantId),
      reservationId,
      after?.reservationId ?? highest,
      after?.kind ?? afterEveryKind,
      lowest,
      highest,
      limit,
    ],
  };
}
