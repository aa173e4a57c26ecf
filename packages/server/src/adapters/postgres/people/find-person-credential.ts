import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

export interface PersonCredentialRow {
  readonly person_id: string;
  readonly password_hash: string | null;
  readonly disabled_at: Date | null;
}

/** What signing in needs of the person with a login name. */
export function findPersonCredential(tenantId: TenantId, loginName: string): Statement<PersonCredentialRow> {
  return {
    name: 'find-person-credential',
    text: `select person_id, password_hash, disabled_at from colloquy.people where tenant_id = $1 and login_name = $2`,
    values: [uuidOf(tenantId), loginName],
  };
}
