import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { uuidOf } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import type {
  DataKeyMaker,
  DataKeyStore,
  KeyEncryptionKey,
  KeyEncryptionKeys,
  KeyEncryptionKeyStore,
  KeyEncryptionState,
} from '../../modules/secrets/index.ts';
import { checkOf, passesCheck } from './check-value.ts';
import { createDataKeyMaker } from './data-key-maker.ts';
import { DataKeys } from './data-keys.ts';
import { firstFormKeyId } from './first-form.ts';
import { KeyVault } from './key-vault.ts';
import { PlatformKeyError, platformKeyBytes } from './platform-key.ts';
import { unwrapDataKey, wrapDataKey } from './wrapped-data-key.ts';

export interface VaultPorts {
  readonly dataKeyStore: DataKeyStore;
  readonly kekStore: KeyEncryptionKeyStore;
  readonly keks: KeyEncryptionKeys;
  /** The keys that this process holds itself, for a database that knows no key-encryption key by name yet. */
  readonly heldKeys: () => Promise<readonly Uint8Array[]>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

export interface OpenedVault {
  readonly dataKeyMaker: DataKeyMaker;
  readonly vault: KeyVault;
  readonly dataKeys: DataKeys;
}

/** The owner and name under which the root is wrapped. */
const rootPlace = (keyId: string): { owner: null; keyId: string } => ({ owner: null, keyId });

/**
 * Opens the vault of a database: names its first key-encryption key, or proves that this process has the one that it belongs to. Rejects
 * with `PlatformKeyError` for any other key, before anything is sealed or opened.
 */
export async function openVault(ports: VaultPorts): Promise<OpenedVault> {
  const { dataKeyStore, kekStore, keks, clock, ids } = ports;
  let state = await kekStore.read();
  if (state.current === null) {
    await establish(ports, state);
    state = await kekStore.read();
  }
  await proveKey(keks, state);
  const root = await openRoot(keks, state);
  const dataKeys = new DataKeys({ store: dataKeyStore, kekStore, keks, clock, ids });
  return { vault: new KeyVault(root, dataKeys), dataKeys, dataKeyMaker: createDataKeyMaker(keks, ids) };
}

async function establish({ kekStore, keks, heldKeys, ids }: VaultPorts, state: KeyEncryptionState): Promise<void> {
  const kek = await keks.newest();
  const secret = state.hasFirstForm ? rootOfFirstForm(await heldKeys(), state) : randomBytes(platformKeyBytes);
  const keyId = uuidOf(ids.next('key'));
  const { wrapped } = await wrapDataKey(kek, rootPlace(keyId), secret);
  const checkWrapped = await checkOf(kek);
  await kekStore.establish({ kekId: kek.kekId, checkWrapped }, { keyId, wrapped });
}

/** Values that were sealed and hashed with a key-encryption key itself stay valid: that key becomes the root, wrapped like any other. */
function rootOfFirstForm(held: readonly Uint8Array[], { firstFormKeyId: wanted }: KeyEncryptionState): Uint8Array {
  const root = held.find((key) => wanted === null || firstFormKeyId(key).toString('hex') === wanted);
  if (root === undefined) throw new PlatformKeyError(wrongKey);
  return root;
}

const wrongKey =
  'The configured secret key is not the one that this database was made with. Configure that key; a new one goes before it, separated by a comma or in a line of its own.';

async function proveKey(keks: KeyEncryptionKeys, { current }: KeyEncryptionState): Promise<void> {
  if (current === null) throw new PlatformKeyError('The database names no key-encryption key.');
  const kek = await foundKey(keks, current.kekId);
  if (!(await passesCheck(kek, current.checkWrapped))) throw new PlatformKeyError(wrongKey);
}

async function openRoot(keks: KeyEncryptionKeys, { root }: KeyEncryptionState): Promise<Buffer> {
  if (root === null) throw new PlatformKeyError('The database has no root of derived keys.');
  return unwrapDataKey(await foundKey(keks, root.kekId), { ...rootPlace(root.keyId), ...root });
}

async function foundKey(keks: KeyEncryptionKeys, kekId: string): Promise<KeyEncryptionKey> {
  const kek = await keks.find(kekId);
  if (kek === null) throw new PlatformKeyError(`${wrongKey} It is named ${kekId}.`);
  return kek;
}
