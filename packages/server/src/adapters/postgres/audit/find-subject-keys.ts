import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface SubjectKeyRow {
  readonly subject_id: string;
  readonly key_sealed: Buffer | null;
}

/** The keys of these subjects, those that were taken away among them. */
export function findSubjectKeys(tenantId: TenantId, subjectIds: readonly string[]): Statement<SubjectKeyRow> {
  return {
    name: 'find-subject-keys',
    text: `
      select subject_id, key_sealed from colloquy.audit_subjects
      where tenant_id = $1 and subject_id = any ($2::text[])`,
    values: [uuidOf(tenantId), subjectIds],
  };
}
