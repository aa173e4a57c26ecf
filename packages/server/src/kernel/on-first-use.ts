/** What is made when it is asked for the first time, and then kept: a process that starts does not wait for it. A failure is not kept. */
export function onFirstUse<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
