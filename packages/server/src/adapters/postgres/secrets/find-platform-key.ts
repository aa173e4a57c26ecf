import type { Statement } from '../statement.ts';
import type { DataKeyRow } from './data-key-row.ts';

/** A sealing key of the platform: that of an id, or the current one for null. */
export function findPlatformKey(keyId: string | null): Statement<DataKeyRow> {
  return {
    name: 'find-platform-key',
    text: `select key_id, kek_id, wrapped from colloquy.platform_keys
      where purpose = 'sealing' and (key_id = $1::uuid or ($1::uuid is null and retired_at is null))`,
    values: [keyId],
  };
}
