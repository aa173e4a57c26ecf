import type { Statement } from '../statement.ts';

export interface SignedChainRow {
  readonly tenant_id: string;
  readonly checkpoint_seq: bigint;
}

/** The chains that were signed last. */
export function findSignedChains(limit: number): Statement<SignedChainRow> {
  return {
    name: 'find-signed-chains',
    text: `
      select tenant_id, checkpoint_seq from colloquy.audit_chains
      where checkpoint_seq > 0 order by checkpointed_at desc limit $1`,
    values: [limit],
  };
}
