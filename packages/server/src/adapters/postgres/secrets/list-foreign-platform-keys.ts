import type { Statement } from '../statement.ts';
import type { DataKeyRow } from './data-key-row.ts';

/** Keys of the platform, the root among them, that another key-encryption key wraps. */
export function listForeignPlatformKeys(kekId: string): Statement<DataKeyRow> {
  return {
    name: 'list-foreign-platform-keys',
    text: 'select key_id, kek_id, wrapped from colloquy.platform_keys where kek_id <> $1 order by key_id limit 1000',
    values: [kekId],
  };
}
