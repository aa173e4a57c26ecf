import type { JWTPayload } from 'jose';
import { resourceOf } from '../../kernel/bound-resource.ts';
import type { BoundResource, Principal } from '../../kernel/caller.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { Confirmation, TokenClaims } from '../../modules/access/index.ts';

const idPrefixOf = { 'oauth-client': 'cli', operator: 'cli', person: 'per' } as const;

/** The claims in the payload of a token with our signature; null for a form that we never issue. */
export function claimsOf(payload: JWTPayload, audience: string): Omit<TokenClaims, 'keyId'> | null {
  const { exp, iat, jti, client_id: clientId, scope, tid } = payload;
  if (typeof jti !== 'string' || jti === '' || exp === undefined || iat === undefined) return null;
  if (exp - iat > limits.accessTokenMs / 1000) return null;
  if (typeof clientId !== 'string' || !isId('cli', clientId)) return null;
  if (typeof tid !== 'string' || !isId('tnt', tid) || typeof scope !== 'string') return null;
  const parties = partiesOf(payload, clientId);
  const boundTo = boundToOf(payload.aud, audience);
  const from = idsOf(payload['from']);
  const confirmation = payload['cnf'] === undefined ? null : confirmationOf(payload['cnf']);
  if (parties === null || boundTo === undefined || from === null || confirmation === undefined) return null;
  return {
    tokenId: jti,
    clientId,
    ...parties,
    mayAct: mayActOf(payload['may_act']),
    from,
    tenantId: tid,
    scopes: scope.split(' ').filter((item) => item !== ''),
    boundTo,
    expiresAtMs: exp * 1000,
    confirmation,
  };
}

/** A client's own token names the client twice. A delegated token names the principal that the client acts for. */
function partiesOf(payload: JWTPayload, clientId: string): Pick<TokenClaims, 'principal' | 'actors'> | null {
  const principal = principalOf(payload);
  const actors = actorsOf(payload['act']);
  if (principal === null || actors === null) return null;
  const [nearest] = actors;
  if (nearest !== undefined) return nearest.id === clientId ? { principal, actors } : null;
  return principal.kind === 'person' || principal.id === clientId ? { principal, actors } : null;
}

function principalOf(claims: Readonly<Record<string, unknown>>): Principal | null {
  const { sub: id, pk: kind } = claims;
  if (kind !== 'oauth-client' && kind !== 'operator' && kind !== 'person') return null;
  return typeof id === 'string' && isId(idPrefixOf[kind], id) ? { kind, id } : null;
}

/** `act` within `act` (RFC 8693 section 4.1) as a list; null for a chain that we would not have made. */
function actorsOf(act: unknown): readonly Principal[] | null {
  const actors: Principal[] = [];
  for (let link = act; link !== undefined;) {
    if (!isObject(link) || actors.length === limits.delegationActorsMax) return null;
    const actor = principalOf(link);
    if (actor === null) return null;
    actors.push(actor);
    link = link['act'];
  }
  return actors;
}

function mayActOf(claim: unknown): string | null {
  const sub = isObject(claim) ? claim['sub'] : undefined;
  // A `may_act` that cannot be read allows no client.
  return claim === undefined ? null : typeof sub === 'string' ? sub : '';
}

function boundToOf(aud: unknown, audience: string): BoundResource | null | undefined {
  return typeof aud === 'string' ? resourceOf(aud, audience) : undefined;
}

function idsOf(claim: unknown): readonly string[] | null {
  if (claim === undefined) return [];
  const isList = Array.isArray(claim) && claim.length <= 4 * (limits.delegationActorsMax + 1);
  return isList && claim.every((id) => typeof id === 'string') ? claim : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const thumbprint = /^[A-Za-z0-9_-]{43}$/;
const confirmedBy: readonly string[] = ['x5t#S256', 'jkt'];

/** Undefined for a `cnf` that cannot be checked: the token is refused (RFC 7800 section 3.1). */
function confirmationOf(cnf: unknown): Confirmation | undefined {
  if (typeof cnf !== 'object' || cnf === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(cnf));
  const isKnown = ([name, value]: [string, unknown]): boolean =>
    confirmedBy.includes(name) && typeof value === 'string' && thumbprint.test(value);
  if (members.size === 0 || ![...members].every(isKnown)) return undefined;
  const textOf = (name: string): string | null => (members.has(name) ? String(members.get(name)) : null);
  return { x5tS256: textOf('x5t#S256'), jkt: textOf('jkt') };
}
