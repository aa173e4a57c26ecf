import { PlatformError } from '../../kernel/errors.ts';
import { uuidOf } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import type { DataKeyMaker, KeyEncryptionKey, KeyEncryptionKeys } from '../../modules/secrets/index.ts';
import { checkOf } from './check-value.ts';
import { newDataKey, unwrapDataKey, wrapDataKey } from './wrapped-data-key.ts';

/** Makes and re-wraps data keys with the key-encryption keys of this process. */
export function createDataKeyMaker(keks: KeyEncryptionKeys, ids: IdSource): DataKeyMaker {
  const kekOf = async (kekId: string): Promise<KeyEncryptionKey> => {
    const kek = await keks.find(kekId);
    if (kek !== null) return kek;
    const cause = new Error(`This process does not have the key-encryption key ${kekId}.`);
    throw new PlatformError('secret.unreadable', { cause });
  };
  return {
    make: async (owner, kekId) => newDataKey(await kekOf(kekId), owner, uuidOf(ids.next('key'))),
    async rewrap(key, kekId) {
      const [from, to] = [await kekOf(key.kekId), await kekOf(kekId)];
      return wrapDataKey(to, key, await unwrapDataKey(from, key));
    },
    async newest() {
      const kek = await keks.newest();
      return { kekId: kek.kekId, checkWrapped: await checkOf(kek) };
    },
  };
}
