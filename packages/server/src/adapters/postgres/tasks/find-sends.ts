import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';
import type { AnswerColumns } from './shared-read.ts';

/** A send that may have been recorded before. */
interface WantedSend {
  readonly tenantId: TenantId;
  readonly keyHash: string;
}

interface SendColumns extends AnswerColumns {
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

/** The task that a caller named. */
export function findNamedTask(tenantId: TenantId, aliasHash: string): Statement<{ task_id: string }> {
  return {
    name: 'find-named-task',
    text: `select task_id from colloquy.task_aliases where tenant_id = $1 and alias_hash = $2`,
    values: [uuidOf(tenantId), aliasHash],
  };
}
