import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { ChainEnd } from '../../../modules/audit/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

export interface ChainEndRow {
  readonly tenant_id: string;
  readonly last_seq: bigint;
  readonly head: Buffer;
  readonly peaks: Buffer;
}

/** Where the chains of these tenants end. */
export function findChainEnds(tenantIds: readonly TenantId[]): Statement<ChainEndRow> {
  return {
    name: 'find-chain-ends',
    text: `select tenant_id, last_seq, head, peaks from colloquy.audit_chains where tenant_id = any ($1::uuid[])`,
    values: [plainArray(tenantIds.map(uuidOf))],
  };
}

const hashBytes = 32;

/** The chain's end that such a row holds. */
export function chainEndOf({ tenant_id, last_seq, head, peaks }: ChainEndRow): ChainEnd {
  return {
    tenantId: idOf('tnt', tenant_id),
    lastSeq: Number(last_seq),
    head: head.toString('hex'),
    peaks: Array.from({ length: peaks.length / hashBytes }, (_, at) =>
      peaks.toString('hex', at * hashBytes, (at + 1) * hashBytes),
    ),
  };
}
