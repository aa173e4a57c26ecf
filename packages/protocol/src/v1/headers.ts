/** The request header that names the protocol version. */
export const versionHeader = 'A2A-Version';

/** The header that names extensions: asked for in a request, activated in an answer. */
export const extensionsHeader = 'A2A-Extensions';

/** The media type of A2A's HTTP+JSON binding (A2A 1.0.1 section 11.1). */
export const a2aJsonType = 'application/a2a+json';

/** The media type of streams. */
export const eventStreamType = 'text/event-stream';

const jsonType = 'application/json';
const extensionsMax = 32;
const extensionCharsMax = 1_024;

/** The extension URIs of an `A2A-Extensions` header, each once, in order; overlong ones and those beyond a bound are ignored. */
export function parseExtensions(header: string | undefined): readonly string[] {
  const uris = (header ?? '').split(',', extensionsMax).map((uri) => uri.trim());
  return [...new Set(uris)].filter((uri) => uri !== '' && uri.length <= extensionCharsMax);
}

/** Whether a request's `Content-Type` announces JSON that A2A accepts. A charset other than UTF-8 is none. */
export function isJsonContentType(header: string | undefined): boolean {
  const [type, ...parameters] = (header ?? '').toLowerCase().split(';');
  if (type?.trim() !== jsonType && type?.trim() !== a2aJsonType) return false;
  const charsets = parameters
    .map((parameter) => parameter.trim())
    .filter((parameter) => parameter.startsWith('charset='));
  return charsets.every((charset) => /^charset="?utf-8"?$/.test(charset));
}

/**
 * The media type of a REST answer, errors included: A2A's own where the request names it in `Content-Type` or `Accept`,
 * otherwise plain JSON, which peers of A2A 1.0.0 insist on.
 */
export function answerContentType(request: {
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
}): typeof a2aJsonType | typeof jsonType {
  const named = `${request.contentType ?? ''},${request.accept ?? ''}`.toLowerCase();
  return named.includes(a2aJsonType) ? a2aJsonType : jsonType;
}
