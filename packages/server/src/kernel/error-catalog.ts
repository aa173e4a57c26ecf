import type { ErrorKind, Retry } from './error-kinds.ts';

interface CatalogEntry {
  readonly kind: ErrorKind;
  /** Safe for the caller; says what to do where something can be done. */
  readonly sentence: string;
  /** Who can mend it. */
  readonly actor: 'caller' | 'tenant-admin' | 'operator' | 'agent' | 'us';
  readonly retry: Retry;
}

const never: Retry = { kind: 'never' };
const same: Retry = { kind: 'same-request' };

const entry = (kind: ErrorKind, actor: CatalogEntry['actor'], retry: Retry, sentence: string): CatalogEntry => ({
  kind,
  actor,
  retry,
  sentence,
});

/** Every code the platform can answer with. Codes are stable: they may be added, never renamed or reused. */
export const errorCatalog = {
  'request.invalid': entry('invalid', 'caller', never, 'The request is not valid; see the listed fields.'),
  'request.too-large': entry('too-large', 'caller', never, 'The request body is larger than this platform accepts.'),
  'request.unsupported-media-type': entry('invalid', 'caller', never, 'Send the request as application/json.'),
  'request.rate-limited': entry(
    'rate-limited',
    'caller',
    { kind: 'after', retryAfterMs: 1000 },
    'Too many requests from this client; slow down and retry.',
  ),
  'request.foreign-host': entry(
    'forbidden',
    'operator',
    never,
    'The platform is not asked for by this host name, or by pages of this origin; an operator can allow it.',
  ),
  'limits.quota-used': entry(
    'rate-limited',
    'tenant-admin',
    { kind: 'after', retryAfterMs: 1000 },
    'The quota of sends is used up; it begins anew with the next day or month in UTC.',
  ),
  'limits.unknown': entry('not-found', 'caller', never, 'No limit is set there.'),
  'limits.too-many': entry(
    'precondition',
    'caller',
    never,
    'The tenant has set as many limits as may be; unset one first.',
  ),
  'request.unknown-address': entry('not-found', 'caller', never, 'There is nothing at this address.'),
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
    'The access token lacks the scope that this operation needs.',
  ),
  'access.client-exists': entry('conflict', 'caller', never, 'A client with this name exists already in the tenant.'),
  'access.client-unknown': entry('not-found', 'caller', never, 'There is no such client.'),
  'access.client-secret-limit': entry(
    'precondition',
    'caller',
    never,
    'The client has as many live secrets as may be; revoke one first.',
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
    'The tenant trusts as many authorities as may be; remove one first.',
  ),
  'access.key-unknown': entry('not-found', 'caller', never, 'There is no such signing key.'),
  'access.key-rotating': entry(
    'conflict',
    'caller',
    never,
    'A successor was made a moment ago and does not sign yet; wait until it does.',
  ),
  'access.api-key-unknown': entry('not-found', 'caller', never, 'There is no such API key.'),
  'access.api-key-limit': entry(
    'precondition',
    'caller',
    never,
    'There are as many live API keys of this name, or of the tenant, as there may be; revoke one first.',
  ),
  'access.issuer-unknown': entry('not-found', 'caller', never, 'There is no such external issuer.'),
  'access.issuer-exists': entry(
    'conflict',
    'caller',
    never,
    'Tokens of this issuer for this audience are accepted already; one issuer and audience stand for one registration.',
  ),
  'access.issuer-limit': entry(
    'precondition',
    'caller',
    never,
    'The tenant has as many external issuers as it may have; remove one first.',
  ),
  'access.issuer-unreachable': entry(
    'upstream-failed',
    'tenant-admin',
    same,
    'The metadata or the keys of the issuer could not be read, or are not what they must be.',
  ),
  'people.person-exists': entry(
    'conflict',
    'caller',
    never,
    'A person with this login name exists already in the tenant.',
  ),
  'people.person-unknown': entry('not-found', 'caller', never, 'There is no such person.'),
  'tenancy.tenant-exists': entry('conflict', 'operator', never, 'A tenant with this name exists already.'),
  'tenancy.tenant-unknown': entry('not-found', 'caller', never, 'There is no such tenant.'),
  'registry.agent-unknown': entry('not-found', 'caller', never, 'There is no such agent.'),
  'registry.agent-exists': entry(
    'conflict',
    'caller',
    never,
    'An agent with this name is registered already; deregister it first.',
  ),
  'registry.card-invalid': entry('invalid', 'agent', never, 'The agent card is not valid; see the listed fields.'),
  'registry.card-unreachable': entry(
    'upstream-failed',
    'agent',
    same,
    'The agent card could not be fetched from its address.',
  ),
  'registry.card-signature-invalid': entry(
    'invalid',
    'agent',
    never,
    'The card is signed, and its signature is not right; sign the card anew as it is published.',
  ),
  'registry.card-signature-required': entry(
    'invalid',
    'tenant-admin',
    never,
    'Only cards signed with a key that the tenant trusts are let in; add the key or change the card policy.',
  ),
  'registry.card-version-unknown': entry('not-found', 'caller', never, 'The agent has no card version of this number.'),
  'registry.card-version-settled': entry(
    'conflict',
    'caller',
    never,
    'This card version does not wait for a decision any more.',
  ),
  'registry.card-changed': entry(
    'conflict',
    'caller',
    same,
    'The card was changed by somebody else at the same moment; try again.',
  ),
  'registry.credential-bound': entry(
    'conflict',
    'tenant-admin',
    never,
    'The new card leads to another origin, and the credential travels to its own only; register the agent anew with a credential.',
  ),
  'trust.card-key-exists': entry('conflict', 'caller', never, 'The tenant has, or had, a card key with this id.'),
  'trust.card-key-unknown': entry('not-found', 'caller', never, 'There is no such card key, or it is revoked.'),
  'trust.card-key-limit': entry(
    'precondition',
    'caller',
    never,
    'The tenant trusts as many card keys as may be; revoke one first.',
  ),
  'registry.endpoint-plain': entry(
    'precondition',
    'agent',
    never,
    'The agent is called without TLS, so its endpoint shows no certificate.',
  ),
  'registry.endpoint-unreachable': entry(
    'upstream-failed',
    'agent',
    same,
    'The endpoint of the agent could not be reached over TLS.',
  ),
  'registry.interface-unsupported': entry(
    'invalid',
    'agent',
    never,
    'The card offers no interface this platform can call; it needs A2A 1.0, 0.3 or 0.1 over one of their bindings.',
  ),
  'egress.refused': entry(
    'invalid',
    'operator',
    never,
    'The platform may not call this address; an operator can allow it.',
  ),
  'egress.limit': entry(
    'precondition',
    'operator',
    never,
    'The tenant has as many open addresses as may be; remove one first.',
  ),
  'egress.allowance-unknown': entry('not-found', 'operator', never, 'This address is not open to the tenant.'),
  'credits.insufficient': entry(
    'payment-required',
    'tenant-admin',
    never,
    'The tenant has too few credits for this call; ask for a grant.',
  ),
  'credits.amount-invalid': entry(
    'invalid',
    'caller',
    never,
    'The amount must be a positive integer of micro-credits within the limit.',
  ),
  'credits.grant-conflict': entry(
    'conflict',
    'caller',
    never,
    'This grant id was used with another amount; the first grant stands.',
  ),
  'task.unknown': entry('not-found', 'caller', never, 'There is no such task.'),
  'task.not-cancelable': entry('precondition', 'caller', never, 'The task has ended and can not be canceled.'),
  'task.ended': entry(
    'precondition',
    'caller',
    never,
    'The task has ended; send a new message in the same context instead.',
  ),
  'task.busy': entry(
    'precondition',
    'caller',
    { kind: 'after', retryAfterMs: 1000 },
    'The task is being worked on; wait until it asks for input.',
  ),
  'task.expired': entry(
    'precondition',
    'caller',
    never,
    'The task waited too long for its caller and was ended; nothing was charged.',
  ),
  'task.given-up': entry(
    'internal',
    'operator',
    never,
    'Too many processes of the platform died while they worked on the task; nothing was charged.',
  ),
  'task.context-mismatch': entry('invalid', 'caller', never, 'The contextId is not the one of the task.'),
  'task.media-type-unsupported': entry('invalid', 'caller', never, 'The agent does not take parts of this media type.'),
  'task.extension-required': entry(
    'precondition',
    'caller',
    never,
    'The agent requires an extension; name it in the header A2A-Extensions.',
  ),
  'task.idempotency-conflict': entry(
    'conflict',
    'caller',
    never,
    'This Idempotency-Key was used with another request.',
  ),
  'task.push-unsupported': entry(
    'precondition',
    'caller',
    never,
    'Push notifications are not offered; stream the task or ask for it.',
  ),
  'push.config-unknown': entry('not-found', 'caller', never, 'The task has no push notification config with this id.'),
  'push.limit': entry(
    'precondition',
    'caller',
    never,
    'There are as many push notification configs as may be; delete one first.',
  ),
  'delivery.unknown': entry('not-found', 'caller', never, 'There is no such delivery.'),
  'delivery.pending': entry(
    'conflict',
    'caller',
    never,
    'The delivery is under way; it can be replayed once it is settled.',
  ),
  'task.page-token-invalid': entry('invalid', 'caller', never, 'The page token does not belong to this list.'),
  'stream.too-slow': entry(
    'unavailable',
    'caller',
    same,
    'The stream was read too slowly; resume it with Last-Event-ID.',
  ),
  'stream.token-expired': entry(
    'unauthenticated',
    'caller',
    same,
    'The access token of this stream has ended; resume it with a new token and Last-Event-ID.',
  ),
  'stream.limit': entry('rate-limited', 'caller', { kind: 'after', retryAfterMs: 1000 }, 'Too many open streams.'),
  'upstream.unreachable': entry(
    'upstream-failed',
    'agent',
    same,
    'The agent could not be reached; nothing was charged.',
  ),
  'upstream.key-refused': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent showed another key than those that are pinned for it; nothing was sent to it and nothing was charged.',
  ),
  'upstream.refused': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent answered with an error; nothing was charged.',
  ),
  'upstream.invalid-answer': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent gave an answer that is not valid A2A; nothing was charged.',
  ),
  'upstream.too-large': entry(
    'upstream-failed',
    'agent',
    never,
    'The agent answered more than this platform accepts; nothing was charged.',
  ),
  'upstream.timeout': entry(
    'upstream-timeout',
    'agent',
    never,
    'The agent did not finish in time; nothing was charged.',
  ),
  'upstream.outcome-unknown': entry(
    'upstream-failed',
    'agent',
    never,
    'The platform lost sight of the agent while it worked; its outcome is unknown and nothing was charged.',
  ),
  'platform.unavailable': entry(
    'unavailable',
    'operator',
    { kind: 'after', retryAfterMs: 1000 },
    'The platform can not record work right now; retry shortly.',
  ),
  'platform.overloaded': entry(
    'unavailable',
    'operator',
    { kind: 'after', retryAfterMs: 1000 },
    'The platform is at its limit; retry shortly.',
  ),
  'secret.unreadable': entry(
    'internal',
    'operator',
    never,
    'A secret that the platform keeps for this can not be opened; an operator finds out why, or give it anew.',
  ),
  'secret.rotation-pending': entry(
    'conflict',
    'operator',
    never,
    'A rotation of the secret keys is still carried out; wait until it has finished.',
  ),
  'request.canceled': entry('canceled', 'caller', same, 'The request was canceled.'),
  'internal.unexpected': entry(
    'internal',
    'us',
    same,
    'Something went wrong on our side; quote the request id when you report it.',
  ),
} as const satisfies Record<string, CatalogEntry>;

export type ErrorCode = keyof typeof errorCatalog;
