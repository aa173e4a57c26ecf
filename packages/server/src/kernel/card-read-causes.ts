/**
 * What happened when no card could be read: `details.cause` of `registry.card-unreachable`, and the sentence for it. Stable: causes may be
 * added, never renamed. `host-unusable` covers both a name that does not exist and one that leads to a forbidden address, because the
 * difference would reveal the operator's network (docs/decisions/0090-card-read-causes.md). Operators, and tenants to which an operator
 * opened the name, are told which: `host-unknown` or `address-forbidden`.
 */
export const cardReadCauses = {
  'host-unusable': 'the host name does not exist, or leads to an address that the platform may not call',
  'host-unknown': 'the host name does not exist, or no name server answered',
  'address-forbidden': 'the host name leads to an address that the platform may not call',
  'connection-refused': 'the connection was refused; no process listens at this port',
  'connection-failed': 'the connection failed, or closed without an HTTP answer',
  'tls-failed': 'the TLS handshake failed',
  timeout: 'the answer did not come in time',
  redirect: 'the answer is a redirect, and the platform follows none',
  'http-status': 'the answer is an HTTP error',
  'too-large': 'the answer is larger than a card may be',
  'not-json': 'the answer is not JSON',
  'not-a-card': 'the answer is JSON, but not an agent card; see the listed fields',
} as const;

export type CardReadCause = keyof typeof cardReadCauses;
