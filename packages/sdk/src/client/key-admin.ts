import type { AdminCall } from './admin-call.ts';
import { making, reading, removing } from './admin-requests.ts';
import { list, object, string } from './answer-shape.ts';

/** A key that the platform signs with, or did. */
export interface SigningKeyState {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  /** `published` (known, and not signing), `signing`, `retired` or `dropped`. */
  readonly state: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** The signing keys of the platform; for operators. */
export interface KeyAdmin {
  /** Oldest first. */
  list(): Promise<readonly SigningKeyState[]>;
  /** Publishes a successor of the key that signs, and resolves with its id; it signs once everybody can know it. */
  rotate(): Promise<string>;
  /** From now on nothing that this key signed is believed. */
  drop(kid: string): Promise<void>;
}

const keys = object<{ readonly items: readonly SigningKeyState[] }>({
  items: list(object<SigningKeyState>({ kid: string, state: string, createdAt: string })),
});
const made = object<{ readonly kid: string }>({ kid: string });

/** Builds the part of the admin client that is about signing keys. */
export function keyAdmin(call: AdminCall): KeyAdmin {
  return {
    list: async () => (await call({ ...reading('/keys'), read: keys })).items,
    rotate: async () => (await call({ ...making('/keys', {}), read: made })).kid,
    drop: (kid) => call({ ...removing(`/keys/${encodeURIComponent(kid)}`), read: () => undefined }),
  };
}
