import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { DataKeyMaker } from './data-key-maker.ts';
import type { SecretKeyState } from './secret-rotation.ts';
import type { SecretRotationStore } from './secret-rotation-store.ts';

export interface RotationPorts {
  readonly rotations: SecretRotationStore;
  readonly dataKeyMaker: DataKeyMaker;
  readonly ids: IdSource;
}

/** The key that wraps the data keys, and the progress of the newest rotation. */
export function showSecretKeys({ rotations }: Pick<RotationPorts, 'rotations'>) {
  return (_caller: Caller): Promise<SecretKeyState> => rotations.read();
}

/**
 * Makes the newest configured key-encryption key the current one and begins to wrap every data key with it; with `renewsDataKeys` every
 * owner also gets a new data key, and every secret is sealed anew. Throws `secret.rotation-pending`.
 */
export function rotateSecrets({ rotations, dataKeyMaker, ids }: RotationPorts) {
  return async (caller: Caller, { renewsDataKeys }: { readonly renewsDataKeys: boolean }): Promise<SecretKeyState> => {
    const rotationId = ids.next('key');
    const newest = await dataKeyMaker.newest();
    const entry = auditEntryBy(caller, ids, {
      action: 'secret.rotation-asked',
      outcome: 'succeeded',
      resource: `rotations/${rotationId}`,
      facts: { kek: newest.kekId, dataKeys: renewsDataKeys ? 'renewed' : 'kept' },
    });
    const isAsked = await rotations.ask({ rotationId, askedBy: caller.principal.id, renewsDataKeys }, newest, entry);
    if (!isAsked) throw new PlatformError('secret.rotation-pending');
    return rotations.read();
  };
}
