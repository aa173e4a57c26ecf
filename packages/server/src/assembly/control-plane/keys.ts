import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { factCipher } from '../../adapters/audit/index.ts';
import {
  environmentSigningKeys,
  fileSigningKeys,
  loadPlatformKeyFile,
  localKeyEncryptionKeys,
  openVault,
  parsePlatformKeys,
  readPlatformKeyFile,
  SigningKeyRing,
} from '../../adapters/keys/index.ts';
import type { KeyVault, OpenedVault } from '../../adapters/keys/index.ts';
import { createSigningKeyStore } from '../../adapters/postgres/access/signing-key-store.ts';
import { createAuditLog } from '../../adapters/postgres/audit/audit-log.ts';
import { createSubjectKeyStore } from '../../adapters/postgres/audit/subject-key-store.ts';
import { createDataKeyStore } from '../../adapters/postgres/secrets/data-key-store.ts';
import { createKeyEncryptionKeyStore } from '../../adapters/postgres/secrets/key-encryption-key-store.ts';
import type { Config } from '../../config/config.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { SigningKeySource } from '../../modules/access/index.ts';
import { createPersonalFacts } from '../../modules/audit/index.ts';
import type { PersonalFacts } from '../../modules/audit/index.ts';
import { auditedSecretBox } from '../../modules/secrets/index.ts';
import type { DataKeyMaker } from '../../modules/secrets/index.ts';
import type { Database } from '../database.ts';
import type { Foundation } from '../foundation.ts';
import { causesOf } from '../log.ts';

/** Reads the configured keys, the newest first; a file is read again each time. */
type ReadPlatformKeys = () => Promise<readonly Uint8Array[]>;

/**
 * The keys of the environment, or of a file. Without either (not in production) the file lies beside the data of the embedded
 * database and is made when it is missing.
 */
export function platformKeyReader(config: Config, secrets: Secrets): ReadPlatformKeys {
  const { secretKey } = secrets;
  const { secretKeyFile, dataDir } = config;
  if (secretKey !== null) return () => Promise.resolve(parsePlatformKeys(secretKey));
  if (secretKeyFile !== null) return () => readPlatformKeyFile(secretKeyFile);
  return async () => {
    await mkdir(dataDir, { recursive: true });
    return loadPlatformKeyFile(join(dataDir, 'platform.key'));
  };
}

/** Where signing keys are stored; null: in the database, sealed. */
function signingKeySource({ signingKeyFile }: Config, { signingKey }: Secrets): SigningKeySource | null {
  if (signingKeyFile !== null) return fileSigningKeys('COLLOQUY_SIGNING_KEY_FILE', signingKeyFile);
  return signingKey === null ? null : environmentSigningKeys('COLLOQUY_SIGNING_KEY', signingKey);
}

/** Where the keys come from. */
export interface KeySources {
  readonly readKeys: ReadPlatformKeys;
  /** Null: signing keys are in the database, sealed. */
  readonly signingKeys: SigningKeySource | null;
}

export interface KeySourcesOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  /** A service that signs; default: as configured. */
  readonly signingKeys?: SigningKeySource;
}

/** Rejects when a configured key cannot be used, before the process starts anything. */
export async function readKeySources({ config, secrets, signingKeys }: KeySourcesOptions): Promise<KeySources> {
  const readKeys = platformKeyReader(config, secrets);
  await readKeys();
  const source = signingKeys ?? signingKeySource(config, secrets);
  await source?.read();
  return { readKeys, signingKeys: source };
}

/** The keys of a process. */
export interface Keys {
  /** Opens and seals secrets; the source of keys for other purposes. */
  readonly vault: KeyVault;
  readonly dataKeyMaker: DataKeyMaker;
  /** The vault for every part but the rotation: it reports a secret that cannot be opened. */
  readonly secretBox: SecretBox;
  /** The keys that sign tokens and cards. */
  readonly ring: SigningKeyRing;
}

export type KeysFoundation = Pick<Foundation, 'database' | 'clock' | 'ids' | 'log'>;

/** Rejects with `PlatformKeyError` when the configured keys are not the ones of the database. */
export async function openKeys(foundation: KeysFoundation, { readKeys, signingKeys }: KeySources): Promise<Keys> {
  const { vault, dataKeyMaker } = await openKeyVault(foundation, readKeys);
  const secretBox = reportingBox(foundation, vault);
  return { vault, dataKeyMaker, secretBox, ring: await openSigningKeys(foundation, signingKeys, secretBox) };
}

export function openKeyVault(
  { database, clock, ids }: Pick<Foundation, 'database' | 'clock' | 'ids'>,
  readKeys: ReadPlatformKeys,
): Promise<OpenedVault> {
  return openVault({
    dataKeyStore: createDataKeyStore(database.readers),
    kekStore: createKeyEncryptionKeyStore(database.readers),
    keks: localKeyEncryptionKeys(readKeys),
    heldKeys: readKeys,
    clock,
    ids,
  });
}

/** The tenant's audit log and the operator's log say when a secret cannot be opened. */
function reportingBox({ database, clock, ids, log }: KeysFoundation, vault: KeyVault): SecretBox {
  return auditedSecretBox({
    box: vault,
    audit: createAuditLog(database.readers),
    ids,
    clock,
    report: ({ table, column, rowId }, error) =>
      log.error({ table, column, rowId, causes: causesOf(error) }, 'a stored secret cannot be opened'),
  });
}

function openSigningKeys(
  { database, clock, log }: KeysFoundation,
  source: SigningKeySource | null,
  secretBox: SecretBox,
): Promise<SigningKeyRing> {
  const report = (error: unknown): void =>
    log.error({ causes: causesOf(error) }, 'the signing keys could not be read; the known ones stay in use');
  const kept = source === null ? {} : { kept: { source, report } };
  return SigningKeyRing.open({ store: createSigningKeyStore(database.readers), vault: secretBox, clock, ...kept });
}

/** Seals the facts of audit entries that identify a person. */
export function personalFacts({ readers }: Pick<Database, 'readers'>, secretBox: SecretBox): PersonalFacts {
  return createPersonalFacts({ keys: createSubjectKeyStore(readers), secretBox, cipher: factCipher });
}
