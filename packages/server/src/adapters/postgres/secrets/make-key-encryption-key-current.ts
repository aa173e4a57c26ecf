import { uuidOf } from '../../../kernel/ids.ts';
import type { KeyId } from '../../../kernel/ids.ts';
import type { KnownKeyEncryptionKey } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';

/** Makes a key-encryption key current, also one that was before, if the rotation was taken up in this transaction. */
export function makeKeyEncryptionKeyCurrent(
  { kekId, checkWrapped }: KnownKeyEncryptionKey,
  rotationId: KeyId,
): Statement {
  return {
    name: 'make-key-encryption-key-current',
    text: `insert into colloquy.key_encryption_keys (kek_id, check_wrapped)
      select $1, $2 where exists (select from colloquy.secret_rotations where rotation_id = $3)
      on conflict (kek_id) do update set retired_at = null`,
    values: [kekId, checkWrapped, uuidOf(rotationId)],
  };
}
