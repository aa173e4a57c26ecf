import type { TenantId } from '../../kernel/ids.ts';
import type { PageRequest } from '../../kernel/page.ts';
import type { Person, PersonStore } from '../access/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';

/** A person to be created; they have no password yet. */
export type NewPerson = Pick<Person, 'personId' | 'loginName' | 'scopes'>;

/** A link that sets a password once. */
export interface NewPasswordLink {
  readonly personId: string;
  /** HMAC of the secret in it, 32 bytes. */
  readonly secretHash: Uint8Array;
  /** Milliseconds for which it works, by the database's clock. */
  readonly lifeMs: number;
}

/** A link that is followed. */
export interface SpentPasswordLink {
  readonly personId: string;
  readonly secretHash: Uint8Array;
  /** PHC string of argon2id. */
  readonly passwordHash: string;
  /** Seconds for which the grants that end are remembered: as long as any token of theirs lives. */
  readonly keepSeconds: number;
}

/** The part of a person that a sign-in needs. */
export interface PersonCredential {
  readonly personId: string;
  /** PHC string of argon2id; null while no password is set. */
  readonly passwordHash: string | null;
  readonly isDisabled: boolean;
}

/** Where a client may send people back to. */
export interface SignInClient {
  readonly clientId: string;
  /** Each exact (RFC 9700 section 4.1.3); 1 to 10. */
  readonly redirectUris: readonly string[];
  /** It can keep no secret: it proves itself by its code verifier alone, and gets no tokens of its own. */
  readonly isPublic: boolean;
}

/** The client with its display name. */
export interface NamedSignInClient extends SignInClient {
  readonly name: string;
}

/**
 * Durable people. Promises of an implementation: a change and its audit entry are one transaction; a method resolves after its changes are
 * committed; every method rejects with `platform.unavailable` when the database is away, and none shows another tenant's people.
 */
export interface PeopleStore extends PersonStore {
  /** Null when the tenant has a person of this login name; then only the entry is written, with outcome `refused`. */
  create(tenantId: TenantId, person: NewPerson, entry: NewAuditEntry): Promise<Person | null>;
  /** In the order of their ids, which is the order of creation; at most `page.limit` after `page.after`. */
  list(tenantId: TenantId, page: PageRequest): Promise<readonly Person[]>;
  /** False when the tenant has no such person. Doing it again changes nothing and writes no entry. */
  setDisabled(tenantId: TenantId, personId: string, isDisabled: boolean, entry: NewAuditEntry): Promise<boolean>;
  /** Replaces the person's link. False when the tenant has no such person. */
  putLink(tenantId: TenantId, link: NewPasswordLink, entry: NewAuditEntry): Promise<boolean>;
  /**
   * Spends a link and sets the password, once; ends every session of the person, and takes back what they gave to clients. False for a
   * link that does not work, or not any more.
   */
  spendLink(tenantId: TenantId, link: SpentPasswordLink, entry: NewAuditEntry): Promise<boolean>;
  findCredential(tenantId: TenantId, loginName: string): Promise<PersonCredential | null>;
  /** False when the tenant has no such client, or it is revoked. */
  putSignInClient(tenantId: TenantId, client: SignInClient, entry: NewAuditEntry): Promise<boolean>;
  findSignInClient(tenantId: TenantId, clientId: string): Promise<NamedSignInClient | null>;
}

/** The subjects that failed sign-ins are counted for. */
export interface WatchedSubject {
  /** A digest of 32 bytes that does not reveal the subject. */
  readonly subject: Uint8Array;
  /** Failures before a sign-in has to wait. */
  readonly free: number;
}

/** Failures to sign in, shared by every process and kept for an hour after the last one. */
export interface SignInFailureStore {
  /** Milliseconds that the next attempt has to wait: the longest wait of these subjects. 0: none. */
  waitMs(subjects: readonly WatchedSubject[]): Promise<number>;
  /** Counts a failure for each. */
  count(subjects: readonly WatchedSubject[]): Promise<void>;
  clear(subjects: readonly WatchedSubject[]): Promise<void>;
}

/** Hashes and verifies passwords. */
export interface PasswordHasher {
  /** A PHC string of argon2id. Rejects with `platform.overloaded` when too many wait. */
  hash(password: string): Promise<string>;
  /** Takes as long for null, which stands for an unknown person. */
  verify(password: string, kept: string | null): Promise<boolean>;
}
