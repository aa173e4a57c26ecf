import type { NewAuditEntry } from '../audit/index.ts';

/** A signing key as it is stored. */
export interface StoredSigningKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly algorithm: 'ES256';
  /** RFC 7517; for people and tools. The platform trusts only the key that it derives from the sealed private key. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** The private JWK, sealed with the platform's key-encryption key; of a key that is kept elsewhere the public one. */
  readonly privateJwkSealed: Uint8Array;
}

/** A signing key in use, with its age by the database's clock when it was read. */
export interface AgedSigningKey extends StoredSigningKey {
  readonly ageMs: number;
}

/** The facts of a key, in use or not. */
export interface SigningKeyFacts {
  readonly kid: string;
  readonly createdAt: Date;
  /** When its publication ended; null: it is published. */
  readonly retiredAt: Date | null;
  /** When it was dropped, so that nothing that it signed is trusted; null: never. */
  readonly droppedAt: Date | null;
  readonly ageMs: number;
}

/** Durable signing keys, shared by every process. Every method rejects with `platform.unavailable` when the database is away. */
export interface SigningKeyStore {
  /** The keys in use, oldest first. */
  list(): Promise<readonly AgedSigningKey[]>;
  /** The facts of every key that is not forgotten, oldest first. */
  listFacts(): Promise<readonly SigningKeyFacts[]>;
  /**
   * Adds `key` when there is none in use that is younger than `youngerThanMs`, or none at all when that is null, one process at a
   * time, and never one that was there before; resolves with the keys in use, oldest first. An entry is written when it was added.
   */
  add(key: StoredSigningKey, youngerThanMs: number | null, entry?: NewAuditEntry): Promise<readonly AgedSigningKey[]>;
  /** Retires every key that a younger one has been in use beside for `besideMs`; resolves with the keys in use, oldest first. */
  retire(besideMs: number): Promise<readonly AgedSigningKey[]>;
  /**
   * Drops a key for ever, and adds `successor` when no other is in use, in one transaction with the entry. Null when there is no such
   * key; dropping again changes nothing and writes no entry. Resolves with the keys in use, oldest first.
   */
  drop(kid: string, successor: StoredSigningKey, entry: NewAuditEntry): Promise<readonly AgedSigningKey[] | null>;
}
