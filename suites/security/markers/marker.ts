const shape = /qzx([a-z]{2})xzq/gi;

/** A word that is in everything that a tenant says or owns, and in nothing else. */
export function markerOf(tenant: number): string {
  const letter = (place: number): string => String.fromCodePoint(97 + (place % 26));
  return `qzx${letter(Math.floor(tenant / 26))}${letter(tenant)}xzq`;
}

/** Every marker that the text shows, in whatever case. */
export function markersIn(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(shape), ([marker]) => marker.toLowerCase()));
}
