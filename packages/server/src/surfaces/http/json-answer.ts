/** A shorter text leaves as one piece with its head. */
const textCharsMax = 4_096;

/** The type of an answer in JSON, as a text or as bytes: the framework would add the charset to that of a text alone. */
export const jsonType = 'application/json; charset=utf-8';

/** What is sent of a text: bytes, when it is long, which lie outside of V8's heap. Node would put head and text together into one more text. */
export function payloadOf(text: string): Buffer | string {
  return text.length > textCharsMax ? Buffer.from(text) : text;
}

/**
 * Whether a reader's `If-None-Match` names this strong entity tag (RFC 9110 section 13.1.2). The comparison is weak: a proxy may have
 * weakened the tag on its way.
 */
export function isTagKnown(known: string | undefined, etag: string): boolean {
  if (known === undefined) return false;
  return known.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
