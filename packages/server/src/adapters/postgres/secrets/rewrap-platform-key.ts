import type { WrappedDataKey } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';

/** The same key of the platform in another wrapping. */
export function rewrapPlatformKey({ keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return {
    name: 'rewrap-platform-key',
    text: 'update colloquy.platform_keys set kek_id = $2, wrapped = $3 where key_id = $1',
    values: [keyId, kekId, wrapped],
  };
}
