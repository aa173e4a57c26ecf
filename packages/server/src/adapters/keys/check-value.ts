import type { KeyEncryptionKey } from '../../modules/secrets/index.ts';

const context = 'check value';
const known = Buffer.alloc(32, 0x5a);

/** A public value, wrapped: it detects a wrong key of the same name before anything is sealed. */
export function checkOf(kek: KeyEncryptionKey): Promise<Uint8Array> {
  return kek.wrap(known, context);
}

/** Whether this key wrapped the value. */
export async function passesCheck(kek: KeyEncryptionKey, wrapped: Uint8Array): Promise<boolean> {
  try {
    return known.equals(await kek.unwrap(wrapped, context));
  } catch {
    return false;
  }
}
