/** Keeps a value as the newest of a map that holds at most `entriesMax`; the oldest one leaves. */
export function keepNewest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, entriesMax: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= entriesMax) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
