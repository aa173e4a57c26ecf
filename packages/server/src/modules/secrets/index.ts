export { auditedSecretBox } from './audited-secret-box.ts';
export type { KeyOwner, WrappedDataKey } from './data-key.ts';
export type { DataKeyStore } from './data-key-store.ts';
export type { KeyEncryptionKey, KeyEncryptionKeys } from './key-encryption-key.ts';
export type { KeyEncryptionKeyStore, KeyEncryptionState, KnownKeyEncryptionKey } from './key-encryption-key-store.ts';
