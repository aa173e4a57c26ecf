import { entry, never, same } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofPlatform, ofTenant } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of credentials, clients, keys, roles and suspensions. */
export const accessErrors = {
  'access.unauthenticated': entry(
    'unauthenticated',
    'caller',
    never,
    'Send a valid access token as "Authorization: Bearer …".',
  ),
  'access.proof-invalid': entry(
    'unauthenticated',
    'caller',
    never,
    'The token is bound to a key: send a new DPoP proof of that key for this request and this token.',
  ),
  'access.proof-nonce-needed': entry(
    'unauthenticated',
    'caller',
    same,
    'Repeat the request with a proof that carries the nonce of the answer field DPoP-Nonce.',
  ),
  'access.scope-missing': entry(
    'forbidden',
    'caller',
    never,
    'The access token lacks the scope that this operation needs; ask for a token with it.',
  ),
  'access.client-exists': entry('conflict', 'caller', never, 'A client with this name exists already in the tenant.'),
  'access.client-unknown': entry('not-found', 'caller', never, 'There is no such client.'),
  'access.client-secret-limit': entry(
    'precondition',
    'caller',
    never,
    'The client already has the largest number of live secrets; revoke one first.',
  ),
  'access.client-secret-unknown': entry('not-found', 'caller', never, 'The client has no such live secret.'),
  'access.client-has-no-secret': entry(
    'precondition',
    'caller',
    never,
    'The client authenticates with a key or a certificate and has no secrets.',
  ),
  'access.authority-exists': entry('conflict', 'caller', never, 'The tenant trusts this authority already.'),
  'access.authority-unknown': entry('not-found', 'caller', never, 'The tenant trusts no such authority.'),
  'access.authority-limit': entry(
    'precondition',
    'caller',
    never,
    'The tenant already trusts the largest number of authorities; remove one first.',
  ),
  'access.key-unknown': entry('not-found', 'caller', never, 'There is no such signing key.'),
  'access.key-rotating': entry(
    'conflict',
    'caller',
    never,
    'The newest signing key was made a moment ago and does not sign yet; wait until it does.',
  ),
  'access.grant-unknown': entry('not-found', 'caller', never, 'There is no such grant.'),
  'access.grant-limit': entry(
    'precondition',
    'tenant-admin',
    never,
    'The principal already has the largest number of roles; remove one first.',
  ),
  'access.keys-elsewhere': entry(
    'precondition',
    'operator',
    never,
    'Signing keys come from the configured file or variable; put a new key there first.',
  ),
  'access.stop-unknown': entry('not-found', 'caller', never, 'The agent, principal or tenant is not suspended.'),
} as const satisfies Record<string, CatalogEntry>;

export const accessOperations = {
  'agent.stop': ofTenant('stops:write', 'agent'),
  'agent.resume': ofTenant('stops:write', 'agent'),
  'tenant.stop': ofPlatform,
  'tenant.resume': ofPlatform,
  'client.create': ofTenant('clients:write'),
  'client.list': ofTenant('clients:write'),
  'client.revoke': ofTenant('clients:write'),
  'key.list': ofPlatform,
  'key.rotate': ofPlatform,
  'key.drop': ofPlatform,
  'client-secret.add': ofTenant('clients:write'),
  'client-secret.list': ofTenant('clients:write'),
  'client-secret.revoke': ofTenant('clients:write'),
  'client-authority.add': ofTenant('clients:write'),
  'client-authority.list': ofTenant('clients:write'),
  'client-authority.remove': ofTenant('clients:write'),
  'principal.stop': ofTenant('stops:write'),
  'principal.resume': ofTenant('stops:write'),
  'stop.list': ofTenant('stops:write', 'anywhere'),
  'grant.create': ofTenant('grants:write', 'anywhere'),
  'grant.list': ofTenant('grants:write', 'anywhere'),
  'grant.remove': ofTenant('grants:write', 'anywhere'),
} as const satisfies Record<string, OperationPolicy>;

export const accessAuditActions = [
  'client.created',
  'client.revoked',
  'token.exchanged',
  'token.revoked',
  'grant.revoked',
  'signing-key.rotated',
  'signing-key.dropped',
  'client-secret.added',
  'client-secret.revoked',
  'client-authority.added',
  'client-authority.removed',
  'access.refused',
  'grant.created',
  'grant.removed',
  'agent.stopped',
  'agent.resumed',
  'principal.stopped',
  'principal.resumed',
  'tenant.stopped',
  'tenant.resumed',
] as const;
