/** Somebody of a tenant who signs in by name, as the tenant may see them. */
export interface Person {
  /** `per_` + 32 hex digits; the principal's id. */
  readonly personId: string;
  /** What they type to sign in: 1 to 100 characters of a-z, 0-9 and `. _ @ + -`; unique in the tenant. */
  readonly loginName: string;
  /** What tokens on their authority can carry at most. */
  readonly scopes: readonly string[];
  /** False until they have followed the link that sets their first password. */
  readonly hasPassword: boolean;
  readonly createdAt: Date;
  /** Since when they can neither sign in nor be acted for; null: they can. */
  readonly disabledAt: Date | null;
}

/** What a token check needs of a person. */
export interface PersonRights {
  readonly scopes: readonly string[];
  readonly isDisabled: boolean;
}
