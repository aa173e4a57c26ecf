import { uuidOf } from '../../../kernel/ids.ts';
import type { NodeId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface SealTermRow {
  readonly term: string;
  readonly place_in: string;
  readonly place_entry: string;
}

const text = `
  update colloquy.audit_sealer s
  set holder_id = $1,
    term = case when s.holder_id = $1 then s.term else s.term + 1 end,
    held_until = colloquy.now_utc() + $2::bigint * interval '1 millisecond',
    -- Transactions of another cluster are counted from elsewhere: everything is looked at once more, and what is sealed stays so.
    place_in = case when s.cluster_id = c.system_identifier then s.place_in else '0'::xid8 end,
    place_entry = case when s.cluster_id = c.system_identifier then s.place_entry else '00000000-0000-0000-0000-000000000000' end,
    cluster_id = c.system_identifier
  from pg_control_system() c
  where s.holder_id is null or s.holder_id = $1 or s.held_until < colloquy.now_utc()
  returning s.term::text as term, s.place_in::text as place_in, s.place_entry`;

/** Takes or keeps the right to seal; no row while another holds it. */
export function claimSealing(holderId: NodeId, holdMs: number): Statement<SealTermRow> {
  return { name: 'claim-sealing', text, values: [uuidOf(holderId), holdMs] };
}
