import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { PersonalFactPorts } from '../audit/index.ts';
import type { ClientAuthority, ClientAuthorityStore } from './client-authority.ts';
import type { ClientKeyReader } from './client-key-reader.ts';
import { refuseEscalation } from './refuse-escalation.ts';
import { tenantScopes } from '../../kernel/scope.ts';

export interface ClientAuthorityPorts {
  readonly authorities: ClientAuthorityStore;
  readonly clientKeys: ClientKeyReader;
  readonly ids: IdSource;
}

const escalation = 'An authority can be added only with an access token that carries every scope of the tenant.';

/**
 * Trusts an authority to vouch for the caller's tenant's clients with `tls_client_auth`. The certificate is that of the authority which
 * issues theirs. Throws `request.invalid`, `access.authority-exists`, `access.authority-limit`, and `access.scope-missing` for a caller who
 * lacks a scope that a client can hold: an authority can issue a certificate for any client with `tls_client_auth`.
 */
export function addClientAuthority({
  authorities,
  clientKeys,
  ids,
  personal,
}: ClientAuthorityPorts & PersonalFactPorts) {
  return async (
    caller: Caller,
    input: { readonly name: string; readonly certificate: string },
  ): Promise<ClientAuthority> => {
    refuseEscalation(caller, tenantScopes, escalation);
    const read = clientKeys.readCertificate(input.certificate);
    if (read === null || !read.isAuthority) {
      const description = 'must be the PEM certificate of an authority, with a P-256, Ed25519 or RSA key';
      throw new PlatformError('request.invalid', { violations: [{ field: 'certificate', description }] });
    }
    const { pem: certificate, thumbprint, subject, expiresAt } = read;
    const authorityId = ids.next('aut');
    const resource = `client-authorities/${authorityId}`;
    const named = await personal.seal(caller.tenant.id, resource, { name: input.name });
    const entry = auditEntryBy(caller, ids, {
      action: 'client-authority.added',
      outcome: 'succeeded',
      resource,
      facts: { ...named, thumbprint },
    });
    const authority = { authorityId, name: input.name, certificate, thumbprint, subject, expiresAt };
    const added = await authorities.add(caller.tenant.id, authority, entry);
    if (added === 'exists') throw new PlatformError('access.authority-exists');
    if (added === 'full') throw new PlatformError('access.authority-limit');
    return added;
  };
}

/** The authorities that the caller's tenant trusts, oldest first. Throws `request.invalid` for an invalid cursor. */
export function listClientAuthorities({ authorities }: Pick<ClientAuthorityPorts, 'authorities'>) {
  return async (caller: Caller, { after, limit }: PageRequest): Promise<Page<ClientAuthority>> => {
    if (after !== null && !isId('aut', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const rows = await authorities.list(caller.tenant.id, { after, limit: limit + 1 });
    return pageOf(rows, limit, ({ authorityId }) => authorityId);
  };
}

/** Removes an authority: clients with its certificates get no tokens from now on. Throws `access.authority-unknown`. */
export function removeClientAuthority({ authorities, ids }: Pick<ClientAuthorityPorts, 'authorities' | 'ids'>) {
  return async (caller: Caller, authorityId: string): Promise<void> => {
    if (!isId('aut', authorityId)) throw new PlatformError('access.authority-unknown');
    const entry = auditEntryBy(caller, ids, {
      action: 'client-authority.removed',
      outcome: 'succeeded',
      resource: `client-authorities/${authorityId}`,
      facts: {},
    });
    if (!(await authorities.remove(caller.tenant.id, authorityId, entry)))
      throw new PlatformError('access.authority-unknown');
  };
}
