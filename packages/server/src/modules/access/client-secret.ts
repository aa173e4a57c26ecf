import type { IdSource, SecretId } from '../../kernel/ids.ts';
import type { Random } from '../../kernel/random.ts';
import type { ClientSecretHasher } from './client-secret-hasher.ts';
import type { NewClientSecret } from './oauth-client-store.ts';

/** The tenant's view of a client's secret: everything but the secret itself. */
export interface ClientSecret {
  readonly secretId: SecretId;
  readonly createdAt: Date;
  /** Null for ever. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** The ports for making a secret. */
export interface SecretPorts {
  readonly secrets: ClientSecretHasher;
  readonly random: Random;
  readonly ids: IdSource;
}

const secretBytes = 32;

/** A new secret: the text that is shown once, and the hash that is stored. */
export function newSecret(
  { secrets, random, ids }: SecretPorts,
  lifeMs: number | null,
): { readonly shown: string; readonly kept: NewClientSecret } {
  // The prefix lets secret scanners find a leaked one.
  const shown = `cls_${Buffer.from(random.bytes(secretBytes)).toString('base64url')}`;
  return { shown, kept: { secretId: ids.next('sec'), hash: secrets.hash(shown), lifeMs } };
}
