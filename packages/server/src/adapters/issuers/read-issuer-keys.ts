import { limits } from '../../kernel/limits.ts';
import type { IssuerDocuments, IssuerPlace } from '../../modules/issuers/index.ts';
import { issuerKeysIn } from './issuer-key.ts';
import type { IssuerKey } from './issuer-key.ts';

/** Why an issuer's documents are not accepted. The message names no address. */
export class IssuerDocumentError extends Error {
  override readonly name = 'IssuerDocumentError';
}

/**
 * The keys that an issuer publishes now: its metadata (OpenID Connect Discovery 1.0 section 4, or RFC 8414 section 3) has to call it by the
 * very identifier that it is registered with, and leads to its keys. Rejects with `IssuerDocumentError`, `egress.refused`, and
 * whatever goes wrong on the way.
 */
export async function readIssuerKeys(
  documents: IssuerDocuments,
  place: IssuerPlace,
): Promise<ReadonlyMap<string, IssuerKey>> {
  const metadata = (await readMetadata(documents, place)) ?? {};
  const { issuer: named, jwks_uri: keysUrl } = metadata;
  if (named !== place.issuer) throw new IssuerDocumentError('The metadata names another issuer.');
  if (typeof keysUrl !== 'string') throw new IssuerDocumentError('The metadata names no key set.');
  const keys = issuerKeysIn(await documents.fetchDocument(place.tenantId, keysUrl), limits.issuerKeysMax);
  if (keys === null || keys.size === 0) throw new IssuerDocumentError('The key set has no key that can be used.');
  return keys;
}

interface IssuerMetadata {
  readonly issuer?: unknown;
  readonly jwks_uri?: unknown;
}

async function readMetadata(
  documents: IssuerDocuments,
  { tenantId, issuer }: IssuerPlace,
): Promise<IssuerMetadata | null> {
  const url = new URL(issuer);
  const path = url.pathname.replace(/\/$/, '');
  const document =
    (await documents.fetchDocument(tenantId, `${url.origin}${path}/.well-known/openid-configuration`)) ??
    (await documents.fetchDocument(tenantId, `${url.origin}/.well-known/oauth-authorization-server${path}`));
  return typeof document === 'object' ? document : null;
}
