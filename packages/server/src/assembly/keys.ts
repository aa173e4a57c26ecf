import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyVault, loadPlatformKeyFile, parsePlatformKey } from '../adapters/keys/index.ts';
import type { Config } from '../config/config.ts';
import type { Secrets } from '../config/secrets.ts';

/** The vault of the configured key; with the embedded database the key lies in a file beside it, made when it is missing. */
export async function openKeyVault(config: Config, secrets: Secrets): Promise<KeyVault> {
  if (secrets.secretKey !== null) return new KeyVault(parsePlatformKey(secrets.secretKey));
  await mkdir(config.dataDir, { recursive: true });
  return new KeyVault(await loadPlatformKeyFile(join(config.dataDir, 'platform.key')));
}
