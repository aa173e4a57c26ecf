import type { WrappedDataKey } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';

/**
 * Adds a key of the platform unless there is a current one of its purpose, or its key-encryption key is not current. The lock on that
 * key's row makes a rotation wait until this key is one that it sees.
 */
export function insertPlatformKey(
  { keyId, kekId, wrapped }: Omit<WrappedDataKey, 'owner'>,
  purpose: 'sealing' | 'root',
): Statement {
  return { name: 'insert-platform-key', text, values: [keyId, purpose, kekId, wrapped] };
}

const text = `
insert into colloquy.platform_keys (key_id, purpose, kek_id, wrapped)
select $1, $2, k.kek_id, $4 from (
  select kek_id from colloquy.key_encryption_keys where kek_id = $3 and retired_at is null for share
) k
on conflict do nothing`;
