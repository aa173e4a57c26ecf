import type { KeyId } from '../../kernel/ids.ts';

/** First every data key is wrapped again or replaced by a new one, then every secret is sealed with its owner's current key. */
export type RotationStage = 'keys' | 'secrets' | 'finished';

/** A rotation of keys, and its progress. */
export interface SecretRotation {
  readonly rotationId: KeyId;
  /** Id of the operator, or `platform`. */
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly renewsDataKeys: boolean;
  readonly stage: RotationStage;
  /** Secrets that were sealed again so far. */
  readonly resealed: number;
  /** Secrets that do not open; they stay as they are. */
  readonly unreadable: number;
  readonly finishedAt: Date | null;
}

/** The state of the platform's secrets. */
export interface SecretKeyState {
  /** Name of the key-encryption key that wraps every data key, or will when the rotation has finished. */
  readonly kekId: string;
  /** The newest rotation; null when there was none. */
  readonly rotation: SecretRotation | null;
}

/** A rotation that this process may carry on for a while. */
export interface ClaimedRotation {
  readonly rotationId: KeyId;
  readonly askedAt: Date;
  readonly renewsDataKeys: boolean;
  readonly stage: Exclude<RotationStage, 'finished'>;
  /** The slug of the tenant that was done last; empty before the first. */
  readonly afterSlug: string;
}

/** The progress under a claim. */
export interface RotationProgress {
  readonly afterSlug: string;
  readonly resealed: number;
  readonly unreadable: number;
  /** Every tenant was gone through: the next stage begins, or the rotation has finished. */
  readonly isStageOver: boolean;
}
