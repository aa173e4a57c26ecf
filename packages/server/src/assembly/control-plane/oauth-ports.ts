import { Argon2Hasher } from '../../adapters/passwords/argon2-hasher.ts';
import { createAuthorizationRecordStore } from '../../adapters/postgres/access/authorization-record-store.ts';
import { createAuditLog } from '../../adapters/postgres/audit/audit-log.ts';
import { createPeopleStore } from '../../adapters/postgres/people/people-store.ts';
import { createSignInFailureStore } from '../../adapters/postgres/people/sign-in-failure-store.ts';
import { activeClients, judgeAccessToken } from '../../modules/access/index.ts';
import { setPassword, signIn } from '../../modules/people/index.ts';
import type { Parts } from '../parts.ts';

/** What the authorization server and its sign-in pages need. */
export function oauthPorts(parts: Parts) {
  const { foundation, keys, authentication, dataPlane } = parts;
  const { database, clock, ids, publicUrl } = foundation;
  const { tokens, clients, revocations, spentProofs } = authentication;
  return {
    issuer: publicUrl,
    clients: activeClients(clients, revocations),
    records: createAuthorizationRecordStore(database.readers),
    spentProofs,
    nonceKey: keys.vault.keyFor('authorization server nonces'),
    secrets: keys.vault,
    signingKey: () => keys.ring.current,
    judge: judgeAccessToken(tokens),
    verifier: tokens.verifier,
    revocations,
    audit: createAuditLog(database.readers),
    ...signInPorts(parts),
    ids,
    clock,
    jwks: () => keys.ring.jwks(),
    limiter: dataPlane.limits.limiter,
  };
}

function signInPorts({ foundation, keys: { vault } }: Parts) {
  const { database, ids } = foundation;
  const people = createPeopleStore(database.readers);
  const failures = createSignInFailureStore(database.readers);
  const audit = createAuditLog(database.readers);
  const ports = { people, failures, passwords: new Argon2Hasher(), secrets: vault, audit, ids };
  return { people, pageKey: vault.keyFor('sign-in pages'), signIn: signIn(ports), setPassword: setPassword(ports) };
}
