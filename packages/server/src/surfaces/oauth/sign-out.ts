import type { ProviderSession } from 'oidc-provider';
import { isId } from '../../kernel/ids.ts';
import type { IdSource, RequestId } from '../../kernel/ids.ts';
import type { AuthorizationRecordStore, OAuthClientStore, RevocationStore } from '../../modules/access/index.ts';
import { revocationKeptSeconds } from './revoke-by-provider.ts';

export interface SignOutPorts {
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly records: AuthorizationRecordStore;
  readonly revocations: RevocationStore;
  readonly ids: IdSource;
}

/** Ends a session, and takes back what clients were given in it. */
export async function signOut(ports: SignOutPorts, session: ProviderSession, requestId: RequestId): Promise<void> {
  for (const [clientId, { grantId }] of Object.entries(session.authorizations ?? {})) {
    const client = isId('cli', clientId) ? await ports.clients.find(clientId) : null;
    if (client === null || grantId === undefined) continue;
    const tenantId = client.tenant.id;
    const entryId = ports.ids.next('ent');
    const act = {
      action: 'grant.revoked',
      outcome: 'succeeded',
      resource: `grants/${grantId}`,
      facts: { clientId },
    } as const;
    const entry = { tenantId, entryId, actorId: session.accountId ?? clientId, requestId, ...act };
    await ports.revocations.revoke({ tenantId, subject: grantId, keepSeconds: revocationKeptSeconds }, entry);
    await ports.records.removeGrant(grantId);
  }
  await session.destroy();
}
