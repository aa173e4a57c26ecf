import { randomBytes } from 'node:crypto';
import type { KeyEncryptionKey, KeyOwner, WrappedDataKey } from '../../modules/secrets/index.ts';

const dataKeyBytes = 32;

/** A new data key of 32 random bytes, wrapped for its owner. */
export async function newDataKey(kek: KeyEncryptionKey, owner: KeyOwner, keyId: string): Promise<WrappedDataKey> {
  return wrapDataKey(kek, { owner, keyId }, randomBytes(dataKeyBytes));
}

/** A data key, wrapped. Under another owner or name it does not unwrap. */
export async function wrapDataKey(
  kek: KeyEncryptionKey,
  { owner, keyId }: Pick<WrappedDataKey, 'owner' | 'keyId'>,
  secret: Uint8Array,
): Promise<WrappedDataKey> {
  return { owner, keyId, kekId: kek.kekId, wrapped: await kek.wrap(secret, contextOf({ owner, keyId })) };
}

/** The data key's 32 bytes. Rejects when it was wrapped for another owner or under another name, or was changed. */
export async function unwrapDataKey(kek: KeyEncryptionKey, key: WrappedDataKey): Promise<Buffer> {
  const secret = Buffer.from(await kek.unwrap(key.wrapped, contextOf(key)));
  if (secret.length !== dataKeyBytes) throw new TypeError('A data key must have 32 bytes.');
  return secret;
}

function contextOf({ owner, keyId }: Pick<WrappedDataKey, 'owner' | 'keyId'>): string {
  return `data key ${owner ?? 'platform'} ${keyId}`;
}
