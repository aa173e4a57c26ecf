import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';

/** The operator's view of a signing key. */
export interface SigningKeyState {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  /** `published`: known to verifiers, and not signing yet; `signing`: signs now; `retired` and `dropped`: no longer published. */
  readonly state: 'published' | 'signing' | 'retired' | 'dropped';
  readonly createdAt: Date;
}

/** The platform's signing keys, from the database or a source. Every method rejects with `platform.unavailable` when they cannot be reached. */
export interface SigningKeyControl {
  states(): Promise<readonly SigningKeyState[]>;
  /**
   * Publishes a successor, which signs once it was published for long enough. Null when one is on its way already. Rejects with
   * `access.keys-elsewhere` where the keys are kept elsewhere and there is no new one.
   */
  rotate(entry: NewAuditEntry): Promise<string | null>;
  /**
   * Drops a key: within seconds, no process trusts anything that it signed. False when there is no such key. Rejects with
   * `access.keys-elsewhere` where the keys are kept elsewhere and no other can sign.
   */
  drop(kid: string, entry: NewAuditEntry): Promise<boolean>;
}

export interface SigningKeyPorts {
  readonly signingKeys: SigningKeyControl;
  readonly ids: IdSource;
}

/** Every signing key that is not forgotten, oldest first. */
export function listSigningKeys({ signingKeys }: Pick<SigningKeyPorts, 'signingKeys'>) {
  return (_caller: Caller): Promise<readonly SigningKeyState[]> => signingKeys.states();
}

/** Makes a successor of the key that signs. Throws `access.key-rotating` while one is on its way, and `access.keys-elsewhere`. */
export function rotateSigningKey({ signingKeys, ids }: SigningKeyPorts) {
  return async (caller: Caller): Promise<string> => {
    const act = { action: 'signing-key.rotated', outcome: 'succeeded', resource: 'keys', facts: {} } as const;
    const kid = await signingKeys.rotate(auditEntryBy(caller, ids, act));
    if (kid === null) throw new PlatformError('access.key-rotating');
    return kid;
  };
}

/** Drops a key whose private half may be stolen. Throws `access.key-unknown` and `access.keys-elsewhere`. */
export function dropSigningKey({ signingKeys, ids }: SigningKeyPorts) {
  return async (caller: Caller, input: { readonly kid: string }): Promise<void> => {
    const { kid } = input;
    if (!/^[A-Za-z0-9_-]{43}$/.test(kid)) throw new PlatformError('access.key-unknown');
    const act = { action: 'signing-key.dropped', outcome: 'succeeded', resource: `keys/${kid}`, facts: {} } as const;
    if (!(await signingKeys.drop(kid, auditEntryBy(caller, ids, act)))) throw new PlatformError('access.key-unknown');
  };
}
