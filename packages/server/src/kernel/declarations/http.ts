import { entry, never, same } from '../catalog-entry.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { ofPlatform } from '../operation-policy.ts';
import type { OperationPolicy } from '../operation-policy.ts';

/** The errors of requests and streams, whatever they ask for. */
export const httpErrors = {
  'request.invalid': entry('invalid', 'caller', never, 'The request is not valid; see the listed fields.'),
  'request.too-large': entry(
    'too-large',
    'caller',
    never,
    'The request body is larger than this platform accepts; send a smaller one.',
  ),
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
    'The platform does not serve this host name, or pages of this origin; an operator can allow it in the configuration.',
  ),
  'request.unknown-address': entry(
    'not-found',
    'caller',
    never,
    'There is nothing at this address; check the path and the method.',
  ),
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
  'stream.limit': entry(
    'rate-limited',
    'caller',
    { kind: 'after', retryAfterMs: 1000 },
    'Too many streams are open; close one, or retry later.',
  ),
  'request.canceled': entry('canceled', 'caller', same, 'The request was canceled.'),
} as const satisfies Record<string, CatalogEntry>;

export const httpOperations = {
  'listener-certificate.list': ofPlatform,
} as const satisfies Record<string, OperationPolicy>;
