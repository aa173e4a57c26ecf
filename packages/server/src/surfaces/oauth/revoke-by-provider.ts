import { Provider } from 'oidc-provider';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { AuthorizationRecordStore, RevocationStore } from '../../modules/access/index.ts';
import type { NewAuditEntry } from '../../modules/audit/index.ts';

export interface ProviderRevocationPorts {
  readonly revocations: RevocationStore;
  readonly records: AuthorizationRecordStore;
  readonly ids: IdSource;
}

/** What oidc-provider takes back, where every process sees it. */
export interface ProviderRevocations {
  /** A token that this request presented. */
  revokeToken(tokenId: string): Promise<void>;
  /** Everything that was issued under a grant. */
  revokeGrant(grantId: string): Promise<void>;
}

/** Nothing that is ended lives longer than an access token; the leeway of clocks comes on top. */
export const revocationKeptSeconds = (limits.accessTokenMs + limits.tokenLeewayMs) / 1000;

export function revokeByProvider(ports: ProviderRevocationPorts): ProviderRevocations {
  const revoke = async (action: 'token.revoked' | 'grant.revoked', subject: string): Promise<void> => {
    const actor = actorOf();
    const resource = `${action === 'token.revoked' ? 'tokens' : 'grants'}/${subject}`;
    const entry: NewAuditEntry = {
      ...actor,
      entryId: ports.ids.next('ent'),
      action,
      outcome: 'succeeded',
      resource,
      facts: {},
    };
    await ports.revocations.revoke({ tenantId: actor.tenantId, subject, keepSeconds: revocationKeptSeconds }, entry);
  };
  return {
    revokeToken: (tokenId) => revoke('token.revoked', tokenId),
    async revokeGrant(grantId) {
      // First what is refused from now on, then what could be used to get more.
      await revoke('grant.revoked', grantId);
      await ports.records.removeGrant(grantId);
    },
  };
}

/** The client whose request this is: only its own tokens and grants are ever taken back here. */
function actorOf(): Pick<NewAuditEntry, 'tenantId' | 'actorId' | 'requestId'> {
  const context = Provider.ctx;
  const client = context?.oidc.client;
  const tenantId = client?.['tenant_id'];
  const requestId = context?.state['requestId'];
  if (client === undefined || !isTenantId(tenantId)) throw new TypeError('A revocation needs an authenticated client.');
  return { tenantId, actorId: client.clientId, requestId: typeof requestId === 'string' ? requestId : '' };
}

function isTenantId(value: unknown): value is TenantId {
  return typeof value === 'string' && isId('tnt', value);
}
