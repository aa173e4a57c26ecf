import { Provider } from 'oidc-provider';
import type { ProviderContext } from 'oidc-provider';
import { PlatformError } from '../../kernel/errors.ts';
import type { JudgeAccessToken, TokenVerifier } from '../../modules/access/index.ts';

/** A record of oidc-provider for an access token that is not stored: what the token itself says. */
type TokenRecord = Readonly<Record<string, unknown>>;

export interface PresentedTokenPorts {
  readonly judge: JudgeAccessToken;
  readonly verifier: TokenVerifier;
}

const handle = 'presented-access-token';
const compactJws = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Access tokens are signed and not stored, and oidc-provider introspects and revokes only what is stored. So a signed one takes part
 * under a handle: its words are put aside before they are read, and judged once the client that presents it is known.
 */
export class PresentedTokens {
  readonly #ports: PresentedTokenPorts;

  constructor(ports: PresentedTokenPorts) {
    this.#ports = ports;
  }

  /** Must be called before the token is read. */
  putAside(): void {
    const context = Provider.ctx;
    const route = context?.oidc.route;
    if (context === undefined || (route !== 'introspection' && route !== 'revocation')) return;
    const { params } = context.oidc;
    if (typeof params.token !== 'string' || !compactJws.test(params.token)) return;
    context.state['presented'] = params.token;
    params.token = handle;
  }

  /** What the token of this request says, when it was put aside and says something. */
  async find(id: string): Promise<TokenRecord | undefined> {
    const context = Provider.ctx;
    const token = context?.state['presented'];
    if (id !== handle || context === undefined || typeof token !== 'string') return undefined;
    return context.oidc.route === 'introspection' ? this.#introspected(token) : this.#revocable(context, token);
  }

  /** RFC 7662 section 2.2: nothing but that it is active, of a token that opens something now. */
  async #introspected(token: string): Promise<TokenRecord | undefined> {
    try {
      const { identity, claims } = await this.#ports.judge(token);
      const { principal, actors, tenant, scopes } = identity;
      const extra = {
        sub: principal.id,
        pk: principal.kind,
        tid: tenant.id,
        tenant: tenant.slug,
        ...(actors.length === 0 ? {} : { act: actClaim(actors) }),
        ...(claims.mayAct === null ? {} : { may_act: { sub: claims.mayAct } }),
      };
      return recordOf(token, { jti: claims.tokenId, clientId: claims.clientId, scope: [...scopes].join(' '), extra });
    } catch (error) {
      if (error instanceof PlatformError && error.code === 'access.unauthenticated') return undefined;
      throw error;
    }
  }

  async #revocable(context: ProviderContext, token: string): Promise<TokenRecord | undefined> {
    const claims = await this.#ports.verifier.verify(token);
    if (claims === null) return undefined;
    context.state['revoked'] = claims;
    return recordOf(token, { jti: claims.tokenId, clientId: claims.clientId });
  }
}

/** RFC 8693 section 4.1: who acts, and within it who acted before. */
export function actClaim(
  actors: readonly { readonly kind: string; readonly id: string }[],
): Readonly<Record<string, unknown>> | undefined {
  const [nearest, ...before] = actors;
  if (nearest === undefined) return undefined;
  const act = actClaim(before);
  return { sub: nearest.id, pk: nearest.kind, ...(act === undefined ? {} : { act }) };
}

/** The times and the audience are the token's own; its signature has been verified. */
function recordOf(token: string, members: TokenRecord): TokenRecord {
  const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const said: TokenRecord = typeof payload === 'object' && payload !== null ? { ...payload } : {};
  const { iat, exp, aud } = said;
  return { kind: 'ClientCredentials', iat, exp, aud, ...confirmationOf(said['cnf']), ...members };
}

function confirmationOf(cnf: unknown): TokenRecord {
  if (typeof cnf !== 'object' || cnf === null) return {};
  const { jkt, 'x5t#S256': x5t }: TokenRecord = { ...cnf };
  return { ...(jkt === undefined ? {} : { jkt }), ...(x5t === undefined ? {} : { 'x5t#S256': x5t }) };
}
