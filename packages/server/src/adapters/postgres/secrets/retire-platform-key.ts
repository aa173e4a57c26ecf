import type { Statement } from '../statement.ts';

/** A sealing key of the platform seals nothing more; its successor comes in the same transaction. */
export function retirePlatformKey(keyId: string | null): Statement {
  return {
    name: 'retire-platform-key',
    text: `update colloquy.platform_keys set retired_at = colloquy.now_utc()
      where key_id = $1 and purpose = 'sealing' and retired_at is null`,
    values: [keyId],
  };
}
