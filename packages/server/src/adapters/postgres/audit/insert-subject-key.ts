import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** A key for a subject that never had one. */
export function insertSubjectKey(tenantId: TenantId, subjectId: string, sealed: Uint8Array): Statement {
  return {
    name: 'insert-subject-key',
    text: `
      insert into colloquy.audit_subjects (tenant_id, subject_id, key_sealed) values ($1, $2, $3)
      on conflict (tenant_id, subject_id) do nothing`,
    values: [uuidOf(tenantId), subjectId, Buffer.from(sealed)],
  };
}
