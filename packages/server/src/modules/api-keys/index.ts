export type { ApiKey, ApiKeyRecord, CreatedApiKey } from './api-key.ts';
export type { ApiKeyStore, ApiKeyUse, NewApiKey } from './api-key-store.ts';
export { ApiKeyUses } from './api-key-uses.ts';
export { createApiKey } from './create-api-key.ts';
export { judgeApiKey } from './judge-api-key.ts';
export { listApiKeys } from './list-api-keys.ts';
export { revokeApiKey } from './revoke-api-key.ts';
