import { uuidOf } from '../../../kernel/ids.ts';
import type { KeyId } from '../../../kernel/ids.ts';
import type { Statement } from '../statement.ts';

/** Every key-encryption key but this one is no longer current, if the rotation was taken up in this transaction. */
export function retireKeyEncryptionKeys(kekId: string, rotationId: KeyId): Statement {
  return {
    name: 'retire-key-encryption-keys',
    text: `update colloquy.key_encryption_keys set retired_at = colloquy.now_utc()
      where retired_at is null and kek_id <> $1
        and exists (select from colloquy.secret_rotations where rotation_id = $2)`,
    values: [kekId, uuidOf(rotationId)],
  };
}
