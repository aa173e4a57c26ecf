import type { WrappedDataKey } from '../../../modules/secrets/index.ts';
import { isCurrent } from './is-current-key.ts';
import type { Statement } from '../statement.ts';

/** The same key of the platform in another wrapping, unless that is by a key which a later rotation has retired. */
export function rewrapPlatformKey({ keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return {
    name: 'rewrap-platform-key',
    text: 'update colloquy.platform_keys set kek_id = $2, wrapped = $3 where key_id = $1 and ' + isCurrent('$2'),
    values: [keyId, kekId, wrapped],
  };
}
