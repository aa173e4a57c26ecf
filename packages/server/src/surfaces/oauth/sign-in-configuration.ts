import { interactionPolicy } from 'oidc-provider';
import type { ProviderContext } from 'oidc-provider';
import type { TenantId } from '../../kernel/ids.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { PeopleStore } from '../../modules/people/index.ts';
import { messagePage } from './pages.ts';

export interface SignInConfigurationOptions {
  readonly people: Pick<PeopleStore, 'findRights'>;
  /** 32 bytes: cookies are signed with it. */
  readonly pageKey: Uint8Array;
}

const sessionSeconds = limits.sessionMs / 1000;

/** A refresh token inherits the remaining lifetime of the one that it replaces, so that the person has to sign in again eventually. */
export const signInLives = {
  AuthorizationCode: limits.authorizationCodeMs / 1000,
  Grant: sessionSeconds,
  Interaction: limits.interactionMs / 1000,
  RefreshToken: ({ oidc }: ProviderContext): number =>
    Math.max(1, oidc.entities.RotatedRefreshToken?.remainingTTL ?? sessionSeconds),
  Session: sessionSeconds,
};

/** How people sign in (RFC 6749 section 4.1, with PKCE for everybody and only by S256: RFC 7636, RFC 9700 section 2.1.1). */
export function signInConfiguration({
  people,
  pageKey,
}: SignInConfigurationOptions): Readonly<Record<string, unknown>> {
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, path: '/oauth' } as const;
  return {
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    expiresWithSession: () => false,
    interactions: {
      policy: signInPolicy(),
      url: (_context: ProviderContext, { uid }: { readonly uid: string }) => `/oauth/sign-in/${uid}`,
    },
    cookies: {
      keys: [Buffer.from(pageKey).toString('base64url')],
      names: { session: 'colloquy_session', interaction: 'colloquy_sign_in', resume: 'colloquy_sign_in_resume' },
      long: cookie,
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    findAccount: async ({ oidc }: ProviderContext, personId: string) => {
      const tenantId = oidc.client?.['tenant_id'];
      const rights = isTenantId(tenantId) && isId('per', personId) ? await people.findRights(tenantId, personId) : null;
      if (rights === null || rights.isDisabled) return undefined;
      return { accountId: personId, claims: () => ({ sub: personId }) };
    },
  };
}

/** When a person has to sign in: also when the signed-in person is of another tenant or disabled. */
function signInPolicy(): readonly object[] {
  const policy = interactionPolicy.base();
  const isGone = ({ oidc }: ProviderContext): boolean =>
    oidc.session?.accountId !== undefined && oidc.account === undefined;
  policy.get('login')?.checks.add(new interactionPolicy.Check('account_gone', 'no person of this tenant', isGone));
  return policy;
}

/** A program gets JSON; a person who was sent here wrongly, and can not be sent back, gets a page. */
export function renderError(context: ProviderContext, out: unknown): void {
  if (!['authorization', 'resume'].includes(context.oidc.route)) {
    context.body = out;
    return;
  }
  const { html, headers } = messagePage(
    'You can not sign in like this',
    'The program that sent you here asked for something that is not possible. Tell its operator.',
  );
  for (const [name, value] of Object.entries(headers)) context.set(name, value);
  context.body = html;
}

function isTenantId(value: unknown): value is TenantId {
  return typeof value === 'string' && isId('tnt', value);
}
