import { createApiKeyStore } from '../src/adapters/postgres/api-keys/api-key-store.ts';
import { createExternalIssuerStore } from '../src/adapters/postgres/issuers/external-issuer-store.ts';
import type { AuditAction, NewAuditEntry } from '../src/modules/audit/index.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** Gives a tenant a row in every table of credentials that are not its clients'. */
export async function seedIdentities(setting: TaskSetting, { tenantId }: SeededTenant): Promise<void> {
  const { readers, ids } = setting;
  const entry = (action: AuditAction): NewAuditEntry => ({
    tenantId,
    entryId: ids.next('ent'),
    actorId: 'cli_seed',
    action,
    outcome: 'succeeded',
    resource: 'seed',
    requestId: ids.next('req'),
    facts: {},
  });
  const seed = { name: 'seed', createdBy: 'cli_seed', addedBy: 'cli_seed' };
  const key = {
    keyId: ids.next('apk'),
    scopes: ['a2a:read'],
    agentNames: null,
    allocation: { department: null, costCenter: null },
    lifeMs: 60_000,
  };
  const secretHash = Buffer.alloc(32);
  await createApiKeyStore(readers).create(tenantId, { ...seed, ...key, secretHash }, entry('api-key.created'));
  const address = { issuer: 'https://issuer.example', audience: `https://colloquy.example/${tenantId}` };
  const claims = { algorithms: ['ES256'], tokenType: 'jwt', subjectClaim: 'sub', scopesClaim: 'scope' } as const;
  const issuer = { ...seed, ...address, ...claims, issuerId: ids.next('iss'), scopeMap: { read: ['a2a:read'] } };
  await createExternalIssuerStore(readers).register(tenantId, issuer, entry('issuer.registered'));
}
