import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { ClientCredentialRecord } from './oauth-client.ts';
import type { OAuthClientStore } from './oauth-client-store.ts';

export interface SubjectPorts {
  readonly clients: Pick<OAuthClientStore, 'find'>;
  /** Null for a name that no agent of the tenant has. */
  readonly agents: { find(tenantId: TenantId, name: string): Promise<object | null> };
}

/** Longest id of a principal, of any issuer. */
const principalCharsMax = 200;
const principalShape = /^[\x21-\x7e]+$/;

/** Throws `registry.agent-unknown` for a name that no agent of the caller's tenant has. */
export async function assertAgentExists({ agents }: SubjectPorts, { tenant }: Caller, name: string): Promise<void> {
  const agent = slugProblem(name) === null ? await agents.find(tenant.id, name) : null;
  if (agent === null) throw new PlatformError('registry.agent-unknown');
}

/**
 * Throws `access.client-unknown` for a client that the caller's tenant does not have. Other principals may appear later
 * than their grants or suspensions, so only the shape of their ids is checked. Returns the client, if it is one.
 */
export async function assertPrincipal(
  { clients }: SubjectPorts,
  { tenant }: Caller,
  principalId: string,
): Promise<ClientCredentialRecord | null> {
  if (!principalShape.test(principalId) || principalId.length > principalCharsMax) {
    const description = `must be the id of a principal, at most ${principalCharsMax} characters`;
    throw new PlatformError('request.invalid', { violations: [{ field: 'principal', description }] });
  }
  if (!principalId.startsWith('cli_')) return null;
  const client = isId('cli', principalId) ? await clients.find(principalId) : null;
  if (client === null || client.tenant.id !== tenant.id) throw new PlatformError('access.client-unknown');
  return client;
}
