import { createCardStore } from '../src/adapters/postgres/registry/card-store.ts';
import { createTrustStore } from '../src/adapters/postgres/trust/trust-store.ts';
import type { AuditAction, NewAuditEntry } from '../src/modules/audit/index.ts';
import { cardKey } from './admin-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** Gives a tenant a row in every table of the trust in cards. */
export async function seedTrust(setting: TaskSetting, { tenantId, agentId }: SeededTenant): Promise<void> {
  const trust = createTrustStore(setting.readers);
  const entry = (action: AuditAction): NewAuditEntry => ({
    tenantId,
    entryId: setting.ids.next('ent'),
    actorId: 'cli_seed',
    action,
    outcome: 'succeeded',
    resource: 'card-keys/seed',
    requestId: setting.ids.next('req'),
    facts: {},
  });
  const key = { kid: 'seed', name: 'seed', algorithms: ['ES256'], publicJwk: cardKey, addedBy: 'cli_seed' };
  await trust.addKey(tenantId, key, entry('card-key.added'));
  await trust.setPolicy(tenantId, { signatures: 'accept', approval: 'signed' }, entry('card-policy.changed'));
  await createCardStore(setting.readers).storeSignatures(
    { tenantId, agentId },
    { digest: '0'.repeat(32), signatures: [] },
  );
}
