import { page } from './admin-answers.ts';
import type { Page } from './admin-answers.ts';
import type { AdminCall } from './admin-call.ts';
import { listing, making, setting } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { boolean, list, object, optional, string, wholeNumber } from './answer-shape.ts';

/** Somebody of a tenant who signs in by name. */
export interface Person {
  readonly personId: string;
  readonly loginName: string;
  /** What tokens on their authority can carry. */
  readonly scopes: readonly string[];
  readonly hasPassword: boolean;
  readonly createdAt: string;
  /** Present when they are not let in. */
  readonly disabledAt?: string | undefined;
}

/** A link that sets a password, once. */
export interface PasswordLink {
  readonly passwordLink: string;
  readonly passwordLinkSeconds: number;
}

/** Where a client sends people back to. */
export interface SignInClient {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly public: boolean;
}

/** The people of a tenant. */
export interface PeopleAdmin {
  create(person: { readonly loginName: string; readonly scopes: readonly string[] }): Promise<Person & PasswordLink>;
  /** Oldest first. */
  list(page?: PageRequest): Promise<Page<Person>>;
  /** The link before works no more. */
  createPasswordLink(personId: string): Promise<PasswordLink>;
  setDisabled(personId: string, disabled: boolean): Promise<void>;
  /** Lets people sign in through a client. */
  setSignIn(
    clientId: string,
    signIn: { readonly redirectUris: readonly string[]; readonly public?: boolean },
  ): Promise<SignInClient>;
}

const personMembers = {
  personId: string,
  loginName: string,
  scopes: list(string),
  hasPassword: boolean,
  createdAt: string,
  disabledAt: optional(string),
};
const linkMembers = { passwordLink: string, passwordLinkSeconds: wholeNumber };
const person = object<Person>(personMembers);
const created = object<Person & PasswordLink>({ ...personMembers, ...linkMembers });
const link = object<PasswordLink>(linkMembers);
const signIn = object<SignInClient>({ clientId: string, redirectUris: list(string), public: boolean });

/** Builds the part of the admin client that is about people; `base` is the tenant's path. */
export function peopleAdmin(call: AdminCall, base: string): PeopleAdmin {
  const of = (personId: string): string => `${base}/people/${encodeURIComponent(personId)}`;
  return {
    create: (body) => call({ ...making(`${base}/people`, body), read: created }),
    list: (request = {}) => call({ ...listing(`${base}/people`, request), read: page(person) }),
    createPasswordLink: (personId) => call({ ...making(`${of(personId)}/password-links`, {}), read: link }),
    setDisabled: (personId, disabled) =>
      call({ ...setting(`${of(personId)}/access`, { disabled }), read: () => undefined }),
    setSignIn: (clientId, body) =>
      call({ ...setting(`${base}/clients/${encodeURIComponent(clientId)}/sign-in`, body), read: signIn }),
  };
}
