import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { AnswerColumns } from './shared-read.ts';

/** A send that somebody asks for. */
export interface WantedSend {
  readonly tenantId: TenantId;
  readonly keyHash: string;
}

export interface SendColumns extends AnswerColumns {
  readonly task_id: string;
  readonly fingerprint: string;
}

/** The tasks that were sent under idempotency keys. Only the key leads into the table. */
export function findSends(tenantId: TenantId, wanted: readonly WantedSend[]): Statement<SendColumns> {
  return {
    name: 'find-sends',
    text: `
      select p.n::int as n, k.task_id, k.fingerprint
      from unnest($2::uuid[]) with ordinality as p (key_hash, n)
      cross join lateral (
        select task_id, fingerprint from colloquy.idempotency_keys i
        where i.tenant_id = $1 and i.key_hash = p.key_hash
        limit 1
      ) k`,
    values: [uuidOf(tenantId), plainArray(wanted.map(({ keyHash }) => keyHash))],
  };
}
