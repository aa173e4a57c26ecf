import type { IdSource, SecretId } from '../../kernel/ids.ts';
import type { Random } from '../../kernel/random.ts';
import type { ClientSecretHasher } from './client-secret-hasher.ts';
import type { NewClientSecret } from './oauth-client-store.ts';

/** A secret of a client, as its tenant may see it: everything but itself. */
export interface ClientSecret {
  readonly secretId: SecretId;
  readonly createdAt: Date;
  /** Null for ever. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What making a secret needs. */
export interface SecretPorts {
  readonly secrets: ClientSecretHasher;
  readonly random: Random;
  readonly ids: IdSource;
}

const secretBytes = 32;

/** A new secret: what is shown once, and what is kept of it. */
export function newSecret(
  { secrets, random, ids }: SecretPorts,
  lifeMs: number | null,
): { readonly shown: string; readonly kept: NewClientSecret } {
  // The prefix lets secret scanners find a leaked one.
  const shown = `cls_${Buffer.from(random.bytes(secretBytes)).toString('base64url')}`;
  return { shown, kept: { secretId: ids.next('sec'), hash: secrets.hash(shown), lifeMs } };
}
