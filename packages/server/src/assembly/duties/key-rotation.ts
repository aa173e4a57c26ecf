import { createDataKeyStore } from '../../adapters/postgres/secrets/data-key-store.ts';
import { createSealedSecretStore } from '../../adapters/postgres/secrets/sealed-secret-store.ts';
import { createSecretRotationStore } from '../../adapters/postgres/secrets/secret-rotation-store.ts';
import { createTenantStore } from '../../adapters/postgres/tenancy/tenant-store.ts';
import { limits } from '../../kernel/limits.ts';
import { carryOnRotation } from '../../modules/secrets/index.ts';
import type { Keys } from '../control-plane/keys.ts';
import type { Foundation } from '../foundation.ts';
import { BackgroundDuty } from './background-duty.ts';

/** Continues rotations of secret keys. */
export function createKeyRotation({ database, clock, log }: Foundation, { vault, dataKeyMaker }: Keys): BackgroundDuty {
  const { readers } = database;
  const ports = {
    rotations: createSecretRotationStore(readers),
    dataKeyMaker,
    dataKeyStore: createDataKeyStore(readers),
    sealedSecrets: createSealedSecretStore(readers),
    secretBox: vault,
    tenants: createTenantStore(readers),
  };
  return new BackgroundDuty({
    run: () => carryOnRotation(ports),
    everyMs: limits.rotationPollMs,
    // The claim of this process expires, and another worker continues.
    failure: 'a rotation of secret keys could not be continued',
    clock,
    log,
  });
}
