import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { refuseEscalation } from '../access/index.ts';
import type { OAuthClientStore } from '../access/index.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { PeoplePorts } from './manage-people.ts';
import type { SignInClient } from './people-store.ts';

export interface SignInClientInput extends SignInClient {
  readonly tenantId: TenantId;
}

const redirectUrisMax = 10;
const redirectUriCharsMax = 2_000;

const escalation = 'People can be led only to a client with no scope that the access token of the caller lacks.';

export interface SignInClientPorts extends Pick<PeoplePorts, 'people' | 'ids'> {
  readonly clients: Pick<OAuthClientStore, 'find'>;
}

/**
 * Sets the redirect addresses of a client's sign-in. Throws `request.invalid`, `access.client-unknown`, and
 * `access.scope-missing` for a client that holds a scope which the caller does not: a redirect address receives the client's authorization codes.
 */
export function setSignInClient({ people, clients, ids }: SignInClientPorts) {
  return async (caller: Caller, { tenantId, ...client }: SignInClientInput): Promise<SignInClient> => {
    if (!isId('cli', client.clientId)) throw new PlatformError('access.client-unknown');
    const { redirectUris } = client;
    const fits = redirectUris.length > 0 && redirectUris.length <= redirectUrisMax && redirectUris.every(isRedirectUri);
    if (!fits) {
      const description = `must be 1 to ${redirectUrisMax} addresses with https, or http on this machine, without a fragment`;
      throw new PlatformError('request.invalid', { violations: [{ field: 'redirectUris', description }] });
    }
    const known = await clients.find(client.clientId);
    if (known === null || known.tenant.id !== tenantId) throw new PlatformError('access.client-unknown');
    refuseEscalation(caller, known.scopes, escalation);
    const facts = { redirectUris: redirectUris.join(' ').slice(0, 1_000), public: String(client.isPublic) };
    const act = {
      action: 'client.sign-in-set',
      outcome: 'succeeded',
      resource: `clients/${client.clientId}`,
      facts,
    } as const;
    const entry = { ...auditEntryBy(caller, ids, act), tenantId };
    if (!(await people.putSignInClient(tenantId, client, entry))) throw new PlatformError('access.client-unknown');
    return client;
  };
}

/** RFC 9700 section 2.1: over TLS, or to a program on the person's own machine (RFC 8252 section 7.3). */
function isRedirectUri(uri: string): boolean {
  const url = URL.parse(uri);
  if (url === null || uri.length > redirectUriCharsMax || uri.includes('#') || url.username !== '') return false;
  const isLoopback = url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  return url.protocol === 'https:' || isLoopback;
}
