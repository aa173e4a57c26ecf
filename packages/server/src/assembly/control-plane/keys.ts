import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
import type { OpenedVault } from '../../adapters/keys/index.ts';
import { factCipher } from '../../adapters/audit/index.ts';
import { createAuditLog } from '../../adapters/postgres/audit/audit-log.ts';
import { createSubjectKeyStore } from '../../adapters/postgres/audit/subject-key-store.ts';
import { createSigningKeyStore } from '../../adapters/postgres/access/signing-key-store.ts';
import { createDataKeyStore } from '../../adapters/postgres/secrets/data-key-store.ts';
import { createKeyEncryptionKeyStore } from '../../adapters/postgres/secrets/key-encryption-key-store.ts';
import type { Config } from '../../config/config.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { IdSource } from '../../kernel/ids.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { SigningKeySource } from '../../modules/access/index.ts';
import { createPersonalFacts } from '../../modules/audit/index.ts';
import type { PersonalFacts } from '../../modules/audit/index.ts';
import { limits } from '../../kernel/limits.ts';
import { auditedSecretBox, carryOnRotation } from '../../modules/secrets/index.ts';
import { createSealedSecretStore } from '../../adapters/postgres/secrets/sealed-secret-store.ts';
import { createSecretRotationStore } from '../../adapters/postgres/secrets/secret-rotation-store.ts';
import { createTenantStore } from '../../adapters/postgres/tenancy/tenant-store.ts';
import type { Log } from '../../surfaces/http/index.ts';
import type { Database } from '../database.ts';
import { causesOf } from '../log.ts';
import { BackgroundDuty } from '../duties/background-duty.ts';

/** Reads the configured keys, the newest first; a file is read anew each time. */
export type ReadPlatformKeys = () => Promise<readonly Uint8Array[]>;

/**
 * The keys of the environment, or of a file. With the embedded database and nothing said the file lies beside the data and is made when it
 * is missing; so is none in production.
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

/** Where signing keys are kept; null: in the database, sealed. */
export function signingKeySource({ signingKeyFile }: Config, { signingKey }: Secrets): SigningKeySource | null {
  if (signingKeyFile !== null) return fileSigningKeys('COLLOQUY_SIGNING_KEY_FILE', signingKeyFile);
  return signingKey === null ? null : environmentSigningKeys('COLLOQUY_SIGNING_KEY', signingKey);
}

export interface SigningKeyParts {
  readonly source: SigningKeySource | null;
  readonly database: Pick<Database, 'readers'>;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
}

/** The keys that sign tokens and cards. Rejects with what is wrong with the place where they are kept. */
export function openSigningKeys({ source, database, secretBox, clock, log }: SigningKeyParts): Promise<SigningKeyRing> {
  const report = (error: unknown): void =>
    log.error({ causes: causesOf(error) }, 'the signing keys could not be read; those that are known go on');
  const kept = source === null ? {} : { kept: { source, report } };
  return SigningKeyRing.open({ store: createSigningKeyStore(database.readers), vault: secretBox, clock, ...kept });
}

export interface KeyVaultOptions {
  readonly readKeys: ReadPlatformKeys;
  readonly database: Pick<Database, 'readers'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** The vault of this database. Rejects with `PlatformKeyError` when the configured keys are not the database's. */
export function openKeyVault({ readKeys, database, clock, ids }: KeyVaultOptions): Promise<OpenedVault> {
  return openVault({
    dataKeyStore: createDataKeyStore(database.readers),
    kekStore: createKeyEncryptionKeyStore(database.readers),
    keks: localKeyEncryptionKeys(readKeys),
    heldKeys: readKeys,
    clock,
    ids,
  });
}

/** What seals the facts of audit entries that tell who somebody is. */
export function personalFacts({ readers }: Pick<Database, 'readers'>, secretBox: SecretBox): PersonalFacts {
  return createPersonalFacts({ keys: createSubjectKeyStore(readers), secretBox, cipher: factCipher });
}

export interface RotationDutyParts {
  readonly config: Config;
  readonly database: Pick<Database, 'readers'>;
  readonly opened: OpenedVault;
  readonly clock: Clock;
  readonly log: Log;
}

/** What carries rotations of secret keys on in this process. */
export function createRotationDuty({ config, database, opened, clock, log }: RotationDutyParts): BackgroundDuty {
  const { readers } = database;
  const ports = {
    rotations: createSecretRotationStore(readers),
    dataKeyMaker: opened.dataKeyMaker,
    dataKeyStore: createDataKeyStore(readers),
    sealedSecrets: createSealedSecretStore(readers),
    secretBox: opened.vault,
    tenants: createTenantStore(readers),
  };
  return new BackgroundDuty({
    run: () => carryOnRotation(ports),
    everyMs: limits.rotationLookMs,
    // Its claim runs out, and whoever has the keys and the database carries on.
    failure: 'a rotation of secret keys could not be carried on',
    isWorker: config.roles.has('worker'),
    clock,
    log,
  });
}

/** The vault as everything but the rotation uses it: a secret that does not open is told to the tenant and to the operator. */
export function watchedBox({
  database,
  opened,
  ids,
  clock,
  log,
}: Omit<RotationDutyParts, 'config'> & Pick<KeyVaultOptions, 'ids'>): SecretBox {
  return auditedSecretBox({
    box: opened.vault,
    audit: createAuditLog(database.readers),
    ids,
    clock,
    report: ({ table, column, rowId }, error) =>
      log.error({ table, column, rowId, causes: causesOf(error) }, 'a stored secret can not be opened'),
  });
}
