/**
 * Whether a reader's `If-None-Match` names this strong entity tag (RFC 9110 section 13.1.2). The comparison is weak: a proxy may have
 * weakened the tag on its way.
 */
export function isTagKnown(known: string | undefined, etag: string): boolean {
  if (known === undefined) return false;
  return known.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
