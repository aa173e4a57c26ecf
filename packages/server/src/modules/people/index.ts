export { createPasswordLink, createPerson, disablePerson, listPeople } from './manage-people.ts';
export type { PasswordLink, PeoplePorts } from './manage-people.ts';
export type {
  NamedSignInClient,
  NewPasswordLink,
  NewPerson,
  PasswordHasher,
  PeopleStore,
  PersonCredential,
  SignInClient,
  SignInFailureStore,
  SpentPasswordLink,
  WatchedSubject,
} from './people-store.ts';
export { setSignInClient } from './sign-in-client.ts';
export { setPassword, signIn } from './sign-in.ts';
export type { PasswordRefusal, SignInPorts, SignInResult } from './sign-in.ts';
