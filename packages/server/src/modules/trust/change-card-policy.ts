import type { Caller } from '../../kernel/caller.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { defaultCardPolicy } from './card-policy.ts';
import type { CardPolicy } from './card-policy.ts';
import type { TrustStore } from './trust-store.ts';

/** The card policy of the caller's tenant. */
export function readCardPolicy({ trust }: { readonly trust: TrustStore }) {
  return async (caller: Caller): Promise<CardPolicy> => (await trust.findPolicy(caller.tenant.id)) ?? defaultCardPolicy;
}

/** Changes the tenant's card policy, for cards that are published from now on. */
export function changeCardPolicy({ trust, ids }: { readonly trust: TrustStore; readonly ids: IdSource }) {
  return async (caller: Caller, policy: CardPolicy): Promise<CardPolicy> => {
    const entry = auditEntryBy(caller, ids, {
      action: 'card-policy.changed',
      outcome: 'succeeded',
      resource: 'card-policy',
      facts: { signatures: policy.signatures, approval: policy.approval },
    });
    await trust.setPolicy(caller.tenant.id, policy, entry);
    return policy;
  };
}
