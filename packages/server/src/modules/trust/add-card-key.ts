import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { PersonalFactPorts } from '../audit/index.ts';
import { readCardKey } from './card-key-rules.ts';
import type { CardKeyInput } from './card-key-rules.ts';
import type { CardVerifier } from './card-verifier.ts';
import type { TrustStore } from './trust-store.ts';
import type { TrustedCardKey } from './trusted-card-key.ts';

/** What adding a key needs. */
export interface TrustPorts {
  readonly trust: TrustStore;
  readonly cardVerifier: CardVerifier;
  readonly ids: IdSource;
}

/**
 * Trusts a public key from now on. Throws `request.invalid`, `trust.card-key-exists` for an id that was ever used, and
 * `trust.card-key-limit`.
 */
export function addCardKey({ trust, cardVerifier, ids, personal }: TrustPorts & PersonalFactPorts) {
  return async (caller: Caller, input: CardKeyInput): Promise<TrustedCardKey> => {
    const read = readCardKey(input);
    if (!('kid' in read)) throw new PlatformError('request.invalid', { violations: read });
    const usable = await Promise.all(read.algorithms.map((one) => cardVerifier.isUsable(read.publicJwk, one)));
    if (usable.includes(false)) {
      const violations = [{ field: 'jwk', description: 'is not a key of its kind' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const resource = `card-keys/${read.kid}`;
    const named = await personal.seal(caller.tenant.id, resource, { name: input.name });
    const entry = auditEntryBy(caller, ids, {
      action: 'card-key.added',
      outcome: 'succeeded',
      resource,
      facts: { ...named, algorithms: read.algorithms.join(' ') },
    });
    const key = { ...read, name: input.name, addedBy: caller.principal.id };
    const added = await trust.addKey(caller.tenant.id, key, entry);
    if (added === 'exists') throw new PlatformError('trust.card-key-exists');
    if (added === 'full') throw new PlatformError('trust.card-key-limit');
    return added;
  };
}
