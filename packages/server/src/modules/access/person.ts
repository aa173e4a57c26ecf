/** A person of a tenant who signs in by name, in the tenant's view. */
export interface Person {
  /** `per_` + 32 hex digits; the principal's id. */
  readonly personId: string;
  /** The login name: 1 to 100 characters of a-z, 0-9 and `. _ @ + -`; unique in the tenant. */
  readonly loginName: string;
  /** The most scopes that a token of the person can carry. */
  readonly scopes: readonly string[];
  /** False until the first password is set by its link. */
  readonly hasPassword: boolean;
  readonly createdAt: Date;
  /** When the person was disabled: it can neither sign in nor delegate; null: active. */
  readonly disabledAt: Date | null;
}

/** The part of a person that a token check needs. */
export interface PersonRights {
  readonly scopes: readonly string[];
  readonly isDisabled: boolean;
}
