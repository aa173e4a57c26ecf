import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { isCardKeyId } from './card-key-rules.ts';
import type { TrustStore } from './trust-store.ts';

/** Revokes a key: it verifies no further card, and cards that it verified are shown with a revoked key. Throws `trust.card-key-unknown`. */
export function revokeCardKey({ trust, ids }: { readonly trust: TrustStore; readonly ids: IdSource }) {
  return async (caller: Caller, kid: string): Promise<void> => {
    if (!isCardKeyId(kid)) throw new PlatformError('trust.card-key-unknown');
    const entry = auditEntryBy(caller, ids, {
      action: 'card-key.revoked',
      outcome: 'succeeded',
      resource: `card-keys/${kid}`,
      facts: {},
    });
    const wasTrusted = await trust.revokeKey(caller.tenant.id, kid, entry);
    if (!wasTrusted) throw new PlatformError('trust.card-key-unknown');
  };
}
