import type { CallerStatus, CostAllocation, Principal } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import type { JudgeCredential } from './credential-kind.ts';
import type { Identity } from './identity.ts';
import type { ClientCredentialRecord } from './oauth-client.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';
import type { PersonRights } from './person.ts';
import type { PersonStore } from './person-store.ts';
import type { RevocationStore } from './revocation-store.ts';
import { rightsOf } from './rights-of.ts';
import type { RoleStore } from './role-store.ts';
import { isBoundAs } from './token-binding.ts';
import type { TokenClaims, TokenVerifier } from './token-verifier.ts';

export interface TokenJudgePorts {
  readonly verifier: TokenVerifier;
  readonly clients: Pick<OAuthClientStore, 'find'>;
  readonly people: Pick<PersonStore, 'findRights'>;
  readonly revocations: Pick<RevocationStore, 'findRevoked'>;
  readonly roles: RoleStore;
}

/** A valid token of ours: its identity and its claims. */
export interface JudgedToken {
  readonly identity: Identity;
  readonly claims: TokenClaims;
}

/** Checks an access token of ours against the current state of the platform. Rejects with `access.unauthenticated` for an invalid one. */
export type JudgeAccessToken = (token: string) => Promise<JudgedToken>;

export function judgeAccessToken(ports: TokenJudgePorts): JudgeAccessToken {
  return async (token) => {
    const claims = await ports.verifier.verify(token);
    if (claims === null) throw new PlatformError('access.unauthenticated');
    const status = callerStatusOf(claims);
    const [client, held, revoked, roles] = await Promise.all([
      ports.clients.find(claims.clientId),
      heldBySubject(ports, claims),
      ports.revocations.findRevoked([status]),
      ports.roles.findHeld(claims.tenantId, status.parties),
    ]);
    if (client === null || held === null || revoked.length > 0) throw new PlatformError('access.unauthenticated');
    if (client.isRevoked || client.tenant.id !== claims.tenantId) throw new PlatformError('access.unauthenticated');
    // Issued before the client had to bind its tokens.
    if (!isBoundAs(client.tokenBinding, claims.confirmation)) throw new PlatformError('access.unauthenticated');
    const { principal, actors, boundTo, expiresAtMs, clientId, confirmation } = claims;
    const isOwn = principal.id === clientId;
    if (isOwn && client.kind !== principal.kind) throw new PlatformError('access.unauthenticated');
    const scopes = claims.scopes.filter(
      (scope) => client.scopes.includes(scope) && (isOwn || held.scopes.includes(scope)),
    );
    const { allocation } = isOwn ? client : held;
    const access = rightsOf(roles.lists);
    const own = allocation === undefined ? {} : { allocation };
    const rights = { scopes: new Set(scopes), access, boundTo, expiresAtMs, confirmation, ...own };
    const judged = { ...status, roles: { holders: status.parties, narrowings: roles.narrowings } };
    return { identity: { principal, actors, tenant: client.tenant, status: judged, ...rights }, claims };
  };
}

/** Adapts the judge of our tokens to the interface of all credentials. */
export function accessTokenJudge(judge: JudgeAccessToken): JudgeCredential {
  return async (token) => (await judge(token)).identity;
}

/** Everything that the rights of a token depend on. */
export function callerStatusOf(claims: StatusClaims): CallerStatus {
  const { keyId, tokenId, from, tenantId, clientId, principal, actors } = claims;
  const through: readonly string[] = from.filter((id) => isId('cli', id));
  const parties = new Set([clientId, principal.id, ...actors.map(({ id }) => id), ...through]);
  const revocable = [tokenId, ...from.filter((id) => !through.includes(id))];
  return { tenantId, revocable, parties: [...parties], keyId };
}

type StatusClaims = Pick<TokenClaims, 'keyId' | 'tokenId' | 'from' | 'tenantId' | 'clientId' | 'principal' | 'actors'>;

/** What the principal of a token has now. */
interface SubjectRights {
  readonly scopes: readonly string[];
  readonly allocation?: CostAllocation;
}

/** The current rights of the token's principal; null when it does not exist. The token's own client is looked up in any case. */
async function heldBySubject(ports: TokenJudgePorts, claims: TokenClaims): Promise<SubjectRights | null> {
  const { principal, clientId, tenantId } = claims;
  if (principal.id === clientId) return { scopes: [] };
  if (principal.kind === 'person') return personRights(await ports.people.findRights(tenantId, principal.id));
  return clientRights(await ports.clients.find(principal.id), principal, tenantId);
}

function personRights(person: PersonRights | null): SubjectRights | null {
  return person === null || person.isDisabled ? null : { scopes: person.scopes };
}

function clientRights(
  client: ClientCredentialRecord | null,
  principal: Principal,
  tenantId: TenantId,
): SubjectRights | null {
  const isTheOne = client !== null && client.kind === principal.kind && client.tenant.id === tenantId;
  return isTheOne && !client.isRevoked ? client : null;
}
