import type { KeyId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from '../audit/index.ts';
import type { KnownKeyEncryptionKey } from './key-encryption-key-store.ts';
import type { ClaimedRotation, RotationProgress, SecretKeyState } from './secret-rotation.ts';

/** A rotation as it is asked for. */
export interface NewRotation {
  readonly rotationId: KeyId;
  readonly askedBy: string;
  readonly renewsDataKeys: boolean;
}

/** Durable rotations, one at a time. Every method rejects with `platform.unavailable`. */
export interface SecretRotationStore {
  read(): Promise<SecretKeyState>;
  /** Makes the key the current one and stores the rotation with its audit entry, all or nothing; false while another rotation is open. */
  ask(rotation: NewRotation, kek: KnownKeyEncryptionKey, entry: NewAuditEntry): Promise<boolean>;
  /** The open rotation, for this process alone until `limits.rotationClaimMs` have passed; null when there is nothing to do now. */
  claim(): Promise<ClaimedRotation | null>;
  /** Records the progress and releases the claim. */
  note(rotation: ClaimedRotation, progress: RotationProgress): Promise<void>;
}
