import type { TenantId } from '../../kernel/ids.ts';
import type { NewAuditEntry } from './audit-entry.ts';

/** The sealed key of a subject of personal facts; null: it was erased. */
export type SubjectKey = Uint8Array | null;

/**
 * Keys of subjects. Promises of an implementation: a subject has one key, also when two processes add one at once; an erased key never comes
 * back; the erasure and its audit entry are one transaction.
 */
export interface SubjectKeyStore {
  /** The keys of those subjects that ever had one. */
  find(tenantId: TenantId, subjectIds: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>>;
  /** Adds a key, unless the subject has one or had one; resolves with the one it has. */
  add(tenantId: TenantId, subjectId: string, sealed: Uint8Array): Promise<SubjectKey>;
  /** Takes the key away and appends the entry; false when it was away already, and then there is no entry. */
  erase(subjectId: string, tombstone: NewAuditEntry): Promise<boolean>;
}

/** Encrypts single facts with authenticated encryption. */
export interface FactCipher {
  /** A new key. */
  newKey(): Uint8Array;
  /** Text without spaces, different each time; opens only with the same context. */
  seal(key: Uint8Array, text: string, context: string): string;
  /** Null when it was sealed with another key or context, or changed. */
  open(key: Uint8Array, sealed: string, context: string): string | null;
}
