import { asPlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { TenantStore } from '../tenancy/index.ts';
import type { DataKeyMaker } from './data-key-maker.ts';
import type { DataKeyStore } from './data-key-store.ts';
import type { KeyOwner } from './data-key.ts';
import type { SealedSecretStore, StoredSecret } from './sealed-secret-store.ts';
import type { ClaimedRotation } from './secret-rotation.ts';
import type { SecretRotationStore } from './secret-rotation-store.ts';

export interface CarryOnPorts {
  readonly rotations: SecretRotationStore;
  readonly dataKeyMaker: DataKeyMaker;
  readonly dataKeyStore: DataKeyStore;
  readonly sealedSecrets: SealedSecretStore;
  readonly secretBox: SecretBox;
  readonly tenants: Pick<TenantStore, 'list'>;
}

interface Counts {
  resealed: number;
  unreadable: number;
}

/**
 * Continues the open rotation with a number of tenants; false when there was nothing to do. Two processes at once do no step twice,
 * because every write names the value that it replaces. Another process takes over the claim of one that died.
 */
export async function carryOnRotation(ports: CarryOnPorts): Promise<boolean> {
  const rotation = await ports.rotations.claim();
  if (rotation === null) return false;
  const counts: Counts = { resealed: 0, unreadable: 0 };
  const { kekId } = await ports.rotations.read();
  const serve = (owner: KeyOwner): Promise<void> =>
    rotation.stage === 'keys' ? serveKeys(ports, owner, { rotation, kekId }) : serveSecrets(ports, owner, counts);
  const limit = limits.rotationTenantsMax;
  const after = rotation.afterSlug === '' ? null : rotation.afterSlug;
  const tenants = await ports.tenants.list({ after, limit });
  if (after === null) await serve(null);
  for (const { id } of tenants) await serve(id);
  const afterSlug = tenants.at(-1)?.slug ?? rotation.afterSlug;
  await ports.rotations.note(rotation, { ...counts, afterSlug, isStageOver: tenants.length < limit });
  return true;
}

/** The owner's key gets a successor where that is wanted, and every key of the owner the current wrapping. */
async function serveKeys(
  { dataKeyStore, dataKeyMaker }: CarryOnPorts,
  owner: KeyOwner,
  { rotation, kekId }: { readonly rotation: ClaimedRotation; readonly kekId: string },
): Promise<void> {
  if (rotation.renewsDataKeys && (await dataKeyStore.isOlderThan(owner, rotation.askedAt))) {
    const current = await dataKeyStore.findCurrent(owner);
    await dataKeyStore.add(await dataKeyMaker.make(owner, kekId), current?.keyId ?? null);
  }
  for (const key of await dataKeyStore.listWrappedByOthers(owner, kekId)) {
    await dataKeyStore.rewrap(await dataKeyMaker.rewrap(key, kekId));
  }
}

async function serveSecrets(ports: CarryOnPorts, owner: KeyOwner, counts: Counts): Promise<void> {
  const { sealedSecrets, dataKeyStore, secretBox } = ports;
  const once = async (column: string): Promise<Counts> => {
    const passed: Counts = { resealed: 0, unreadable: 0 };
    let after: string | null = null;
    for (;;) {
      const current = await dataKeyStore.findCurrent(owner);
      const keyId: string = current?.keyId ?? '';
      const stale: readonly StoredSecret[] = await sealedSecrets.listStale(owner, column, { keyId, after });
      for (const secret of stale) await reseal({ sealedSecrets, secretBox }, { owner, column, secret }, passed);
      after = stale.at(-1)?.at ?? after;
      if (stale.length < limits.rotationSecretsMax) return passed;
    }
  };
  for (const column of sealedSecrets.columnsOf(owner)) {
    let passed = await once(column);
    counts.resealed += passed.resealed;
    // An updated row moves on disk, perhaps behind a page that was read, so passes repeat until one finds nothing to re-seal.
    while (passed.resealed > 0) {
      passed = await once(column);
      counts.resealed += passed.resealed;
    }
    counts.unreadable += passed.unreadable;
  }
}

async function reseal(
  { sealedSecrets, secretBox }: Pick<CarryOnPorts, 'sealedSecrets' | 'secretBox'>,
  { owner, column, secret }: { readonly owner: KeyOwner; readonly column: string; readonly secret: StoredSecret },
  counts: Counts,
): Promise<void> {
  try {
    const opened = await secretBox.open(secret.sealed, secret.place);
    const sealed = await secretBox.seal(opened, secret.place);
    if (await sealedSecrets.replace(owner, column, secret, sealed)) counts.resealed += 1;
  } catch (error) {
    if (asPlatformError(error).code !== 'secret.unreadable') throw error;
    counts.unreadable += 1;
  }
}
