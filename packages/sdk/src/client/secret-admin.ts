import type { AdminCall } from './admin-call.ts';
import { making, reading } from './admin-requests.ts';
import { boolean, object, optional, string, wholeNumber } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** A rotation of the keys of secrets, and how far it is carried out. */
export interface SecretRotation {
  readonly rotationId: string;
  readonly askedBy: string;
  readonly askedAt: string;
  /** Every tenant gets a new data key, and every secret is sealed anew. */
  readonly renewsDataKeys: boolean;
  /** `keys`, then `secrets`, then `finished`. */
  readonly stage: string;
  /** Secrets sealed anew so far. */
  readonly resealed: number;
  /** Secrets that do not open, and stay as they are. */
  readonly unreadable: number;
  readonly finishedAt?: string | undefined;
}

/** How the keys of secrets stand. */
export interface SecretKeyState {
  /** Name of the key-encryption key that wraps data keys. */
  readonly kekId: string;
  readonly rotation?: SecretRotation | undefined;
}

/** The keys of the secrets that the platform keeps; for operators. */
export interface SecretAdmin {
  state(): Promise<SecretKeyState>;
  /** Begins a rotation to the newest configured key-encryption key; it is carried out in the background. */
  rotate(options?: { readonly renewsDataKeys?: boolean }): Promise<SecretKeyState>;
}

const rotation: Reader<SecretRotation> = object<SecretRotation>({
  rotationId: string,
  askedBy: string,
  askedAt: string,
  renewsDataKeys: boolean,
  stage: string,
  resealed: wholeNumber,
  unreadable: wholeNumber,
  finishedAt: optional(string),
});
const state: Reader<SecretKeyState> = object<SecretKeyState>({ kekId: string, rotation: optional(rotation) });

/** Builds the part of the admin client that is about the keys of secrets. */
export function secretAdmin(call: AdminCall): SecretAdmin {
  return {
    state: () => call({ ...reading('/secrets'), read: state }),
    rotate: (options = {}) => call({ ...making('/secrets/rotations', options), read: state }),
  };
}
