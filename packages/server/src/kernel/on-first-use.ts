/** Makes a value at its first use and caches it, so that a start does not wait for it. A failure is not cached. */
export function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
