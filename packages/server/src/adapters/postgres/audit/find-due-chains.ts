import type { Statement } from '../statement.ts';
import type { ChainEndRow } from './find-chain-ends.ts';

export interface DueChainRow extends ChainEndRow {
  readonly checkpoint_seq: bigint;
}

const text = `
  select tenant_id, last_seq, head, peaks, checkpoint_seq
  from colloquy.audit_chains
  where last_seq > checkpoint_seq
    and (last_seq - checkpoint_seq >= $1::bigint or checkpointed_at is null
      or checkpointed_at <= colloquy.now_utc() - $2::bigint * interval '1 millisecond')
  order by checkpointed_at nulls first
  limit $3`;

/** Chains that are to get a checkpoint, the longest without one first. */
export function findDueChains(recordsMin: number, ageMs: number, limit: number): Statement<DueChainRow> {
  return { name: 'find-due-chains', text, values: [recordsMin, ageMs, limit] };
}
