/** A short-lived record of the authorization server, in that server's own format. */
export type AuthorizationRecord = Readonly<Record<string, unknown>>;

/**
 * Short-lived records of the authorization server (grants, replay detection) under ids that it makes. Promises of an implementation:
 * shared by every process; a record is gone once its time has passed; `platform.unavailable` when the database is away.
 */
export interface AuthorizationRecordStore {
  /** Keeps or replaces a record. `lifeSeconds` undefined keeps it until it is removed. */
  save(model: string, id: string, record: AuthorizationRecord, lifeSeconds: number | undefined): Promise<void>;
  find(model: string, id: string): Promise<AuthorizationRecord | null>;
  /** The session of this `uid`. */
  findSession(uid: string): Promise<AuthorizationRecord | null>;
  /** Marks a record as used, with the time in epoch seconds as its member `consumed`. True only for the first call. */
  consume(model: string, id: string): Promise<boolean>;
  remove(model: string, id: string): Promise<void>;
  /** Removes everything that was issued under a grant: the records with this member `grantId`. */
  removeGrant(grantId: string): Promise<void>;
}
