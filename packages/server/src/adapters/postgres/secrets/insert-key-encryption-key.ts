import type { KnownKeyEncryptionKey } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';

/** Makes a key-encryption key the current one; without effect when there is one. */
export function insertKeyEncryptionKey({ kekId, checkWrapped }: KnownKeyEncryptionKey): Statement {
  return {
    name: 'insert-key-encryption-key',
    text: 'insert into colloquy.key_encryption_keys (kek_id, check_wrapped) values ($1, $2) on conflict do nothing',
    values: [kekId, checkWrapped],
  };
}
