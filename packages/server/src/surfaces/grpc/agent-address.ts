import { isIP } from 'node:net';
import { PlatformError } from '../../kernel/errors.ts';
import type { AgentAddress } from '../../modules/gateway/index.ts';

/** Where a call says that it goes. */
export interface CallTarget {
  /** The request's `tenant`, as the agent's card gives it: `{tenant}/{agent}`. */
  readonly routingTag: string | undefined;
  /** Whether the caller's version has a `tenant` in requests. */
  readonly hasTenant: boolean;
  /** `:authority`, with or without its port. */
  readonly authority: string;
  /** The tenant of the token. */
  readonly tenantSlug: string;
}

/**
 * The agent that a call is for. Without a routing tag, the first label of the host name is an agent of the token's tenant, so that
 * clients who drop the card's `tenant` can reach an agent by a name of its own. Says nothing about existence. Throws
 * `request.invalid` when nothing names an agent.
 */
export function addressOf({ routingTag, hasTenant, authority, tenantSlug }: CallTarget): AgentAddress {
  if (routingTag !== undefined) {
    const [tenant = '', agent = '', ...more] = routingTag.split('/');
    // A malformed address is answered like an unknown agent.
    return more.length === 0 ? { tenantSlug: tenant, agentName: agent } : { tenantSlug, agentName: '' };
  }
  const host = authority.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
  const [agentName = '', ...domain] = host.split('.');
  if (domain.length > 0 && isIP(host) === 0 && !host.startsWith('[')) return { tenantSlug, agentName };
  const violation = hasTenant
    ? {
        field: 'tenant',
        description: 'must be "{tenant}/{agent}", as the agent card has it, unless the host name begins with the agent',
      }
    : { field: ':authority', description: 'must be a host name that begins with the agent, such as echo.example.com' };
  throw new PlatformError('request.invalid', { violations: [violation] });
}
