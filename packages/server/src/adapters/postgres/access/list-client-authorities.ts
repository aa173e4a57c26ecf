import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Statement } from '../statement.ts';
import { afterUuid } from './after-uuid.ts';

export interface ClientAuthorityRow {
  readonly authority_id: string;
  readonly name: string;
  readonly certificate: string;
  readonly thumbprint: string;
  readonly subject: string;
  readonly expires_at: Date;
  readonly added_at: Date;
}

/** A tenant's authorities after an id, in the order of ids. */
export function listClientAuthorities(tenantId: TenantId, page: PageRequest): Statement<ClientAuthorityRow> {
  return {
    name: 'list-client-authorities',
    text: `
      select authority_id, name, certificate, thumbprint, subject, expires_at, added_at from colloquy.client_authorities
      where tenant_id = $1 and authority_id > $2 order by authority_id limit $3`,
    values: [uuidOf(tenantId), afterUuid(page.after), page.limit],
  };
}
