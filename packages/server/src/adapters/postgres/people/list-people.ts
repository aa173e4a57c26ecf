import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';

export interface PersonRow {
  readonly person_id: string;
  readonly login_name: string;
  readonly scopes: readonly string[];
  readonly has_password: boolean;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

/** A tenant's people after a person's id, in the order of ids. */
export function listPeople(tenantId: TenantId, page: PageRequest): Statement<PersonRow> {
  return {
    name: 'list-people',
    text: `
      select person_id, login_name, scopes, password_hash is not null as has_password, created_at, disabled_at
      from colloquy.people where tenant_id = $1 and person_id > $2 order by person_id limit $3`,
    values: [uuidOf(tenantId), page.after ?? '', page.limit],
  };
}
