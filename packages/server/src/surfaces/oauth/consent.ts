import type { Interaction, Provider } from 'oidc-provider';
import type { ClientCredentialRecord } from '../../modules/access/index.ts';

interface Consented {
  readonly provider: Provider;
  readonly interaction: Interaction;
  readonly client: ClientCredentialRecord;
}

/**
 * Keeps what a person allows a client, and refuses it the rest of what it asked for, so that it is not asked again. The id of the grant;
 * null when there is nothing that the person could allow.
 */
export async function giveGrant(
  { provider, interaction, client }: Consented,
  given: Readonly<Record<string, readonly string[]>>,
): Promise<string | null> {
  if (Object.values(given).every((scopes) => scopes.length === 0)) return null;
  const { grantId, session, prompt } = interaction;
  const accountId = session?.accountId ?? '';
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId, clientId: client.clientId });
  // Our scopes belong to resources. The provider's own scopes are refused explicitly.
  const own = prompt.details.missingOIDCScope ?? [];
  if (own.length > 0) grant.rejectOIDCScope(own.join(' '));
  for (const [resource, asked] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    const scopes = given[resource] ?? [];
    const rest = asked.filter((scope) => !scopes.includes(scope));
    if (scopes.length > 0) grant.addResourceScope(resource, scopes.join(' '));
    if (rest.length > 0) grant.rejectResourceScope(resource, rest.join(' '));
  }
  return grant.save();
}
