import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';
import { sealedColumns } from './sealed-columns.ts';
import type { SealedRow } from './sealed-columns.ts';

/** Entries in the order of the chain. One that somebody took out of the log is a row without an entry; pruned ones are none. */
export function readSealed(tenantId: TenantId, afterSeq: number, limit: number): Statement<SealedRow> {
  return {
    name: 'read-sealed',
    text: `
      select ${sealedColumns}
      from (
        select * from colloquy.audit_chain
        where tenant_id = $1
          and seq > greatest($2::bigint, (select pruned_seq from colloquy.audit_chains where tenant_id = $1))
        order by seq limit $3
      ) c
      left join colloquy.audit_entries e on e.tenant_id = c.tenant_id and e.entry_id = c.entry_id
      order by c.seq`,
    values: [uuidOf(tenantId), afterSeq, limit],
  };
}
