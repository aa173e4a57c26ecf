/**
 * The three functions of the proposed metadata of decorators that the certificate library asks for, and does not bring. Imported
 * before it, for its effect.
 */
type Metadata = Map<unknown, unknown>;

const metadataOf = new WeakMap<WeakKey, Metadata>();

const getOwnMetadata = (key: unknown, target: WeakKey): unknown => metadataOf.get(target)?.get(key);

const getMetadata = (key: unknown, target: WeakKey | null): unknown => {
  if (target === null) return undefined;
  return metadataOf.get(target)?.has(key) === true
    ? getOwnMetadata(key, target)
    : getMetadata(key, Object.getPrototypeOf(target) as WeakKey | null);
};

const defineMetadata = (key: unknown, value: unknown, target: WeakKey): void => {
  metadataOf.set(target, (metadataOf.get(target) ?? new Map<unknown, unknown>()).set(key, value));
};

for (const [name, value] of Object.entries({ getOwnMetadata, getMetadata, defineMetadata })) {
  if (!(name in Reflect)) Object.defineProperty(Reflect, name, { value, configurable: true, writable: true });
}
