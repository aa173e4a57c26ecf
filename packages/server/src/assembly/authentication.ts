import { createExternalTokens, IssuerKeys } from '../adapters/issuers/index.ts';
import { createAccessTokenVerifier, createProofNonces, createProofVerifier } from '../adapters/keys/index.ts';
import { createOAuthClientStore } from '../adapters/postgres/access/oauth-client-store.ts';
import { createRevocationStore } from '../adapters/postgres/access/revocation-store.ts';
import { createRoleStore } from '../adapters/postgres/access/role-store.ts';
import { createSpentProofStore } from '../adapters/postgres/access/spent-proof-store.ts';
import { createApiKeyStore } from '../adapters/postgres/api-keys/api-key-store.ts';
import { createExternalIssuerStore } from '../adapters/postgres/issuers/external-issuer-store.ts';
import { createPeopleStore } from '../adapters/postgres/people/people-store.ts';
import type { EgressGuards } from '../adapters/upstream/egress-guards.ts';
import { createIssuerDocuments } from '../adapters/upstream/fetch-document.ts';
import {
  accessTokenJudge,
  Authenticator,
  identityOf,
  judgeAccessToken,
  judgeCredential,
  CallerStatusWatch,
} from '../modules/access/index.ts';
import type { OAuthClientStore, RevocationStore, SpentProofStore, TokenJudgePorts } from '../modules/access/index.ts';
import { ApiKeyUses, judgeApiKey } from '../modules/api-keys/index.ts';
import { judgeExternalToken } from '../modules/issuers/index.ts';
import type { Limiter } from '../modules/limits/index.ts';
import { createAssertStillIn, createCallerOf } from '../surfaces/http/index.ts';
import type { Keys } from './control-plane/keys.ts';
import type { Foundation } from './foundation.ts';

/** Who sends a request, and whether the rights of that caller still hold. Both planes use it. */
export interface Authentication {
  readonly tokens: TokenJudgePorts;
  readonly clients: OAuthClientStore;
  readonly revocations: RevocationStore;
  readonly spentProofs: SpentProofStore;
  readonly authenticator: Authenticator;
  /** Ends open work when the rights behind it end. */
  readonly statuses: CallerStatusWatch;
  /** Writes when API keys were last used. */
  close(): Promise<void>;
}

export function createAuthentication(foundation: Foundation, keys: Keys, guards: EgressGuards): Authentication {
  const { database, clock, issuers } = foundation;
  const { readers } = database;
  const revocations = createRevocationStore(readers);
  const clients = createOAuthClientStore(readers);
  const tokens = {
    verifier: createAccessTokenVerifier({ issuers, keys: keys.ring, clock }),
    clients,
    people: createPeopleStore(readers),
    roles: createRoleStore(readers),
    revocations,
  };
  const uses = new ApiKeyUses({ apiKeys: createApiKeyStore(readers), clock });
  const spentProofs = createSpentProofStore(readers, clock);
  const statuses = new CallerStatusWatch({ revocations, clock });
  const authenticator = new Authenticator({
    judge: createJudge(foundation, { keys, guards, tokens, uses }),
    proofs: createProofVerifier(),
    nonces: createProofNonces(keys.vault.keyFor('proof nonces'), clock),
    spentProofs,
    clock,
    onRevoked: () => void statuses.check().catch(() => undefined),
  });
  // Tokens that a dropped key signed are verified again.
  keys.ring.onGone((kid) => {
    authenticator.doubt(null);
    statuses.endOfKey(kid);
  });
  return { tokens, clients, revocations, spentProofs, authenticator, statuses, close: () => uses.close() };
}

interface JudgeParts {
  readonly keys: Keys;
  readonly guards: EgressGuards;
  readonly tokens: TokenJudgePorts;
  readonly uses: ApiKeyUses;
}

/** Verifies a credential of every kind: our access tokens, tokens of external issuers, API keys. */
function createJudge({ database, clock, issuers: ownIssuers }: Foundation, { keys, guards, tokens, uses }: JudgeParts) {
  const issuerKeys = new IssuerKeys({ documents: createIssuerDocuments(guards), clock });
  const externalTokens = createExternalTokens({ keys: issuerKeys, clock });
  const issuers = createExternalIssuerStore(database.readers);
  const apiKeys = createApiKeyStore(database.readers);
  return judgeCredential(ownIssuers, {
    'access-token': accessTokenJudge(judgeAccessToken(tokens)),
    'external-token': identityOf(tokens, judgeExternalToken({ issuers, externalTokens, clock })),
    'api-key': identityOf(tokens, judgeApiKey({ apiKeys, secrets: keys.vault, uses, clock })),
  });
}

/** What the surfaces ask of each request: its caller, and whether the caller's rights still hold while the body arrives. */
export function callerChecks(
  { clock, publicUrl, budget }: Foundation,
  { authenticator }: Authentication,
  limiter: Limiter,
) {
  const ports = { authenticator, limiter, publicUrl };
  return { callerOf: createCallerOf({ ...ports, budget }), assertStillIn: createAssertStillIn({ ...ports, clock }) };
}
