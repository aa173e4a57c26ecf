import type { Statement } from '../statement.ts';

/** A row when the platform's current sealing key was made before an instant. */
export function findOldPlatformKey(instant: Date): Statement {
  return {
    name: 'find-old-platform-key',
    text: `select key_id from colloquy.platform_keys where purpose = 'sealing' and retired_at is null and created_at < $1`,
    values: [instant],
  };
}
