import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import type { ClientSecretHasher, ProvenIdentity } from '../access/index.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import { apiKeyIdIn } from './api-key-text.ts';
import type { ApiKeyUses } from './api-key-uses.ts';

export interface ApiKeyJudgePorts {
  readonly apiKeys: Pick<ApiKeyStore, 'find'>;
  readonly secrets: ClientSecretHasher;
  readonly uses: Pick<ApiKeyUses, 'note'>;
  readonly clock: Clock;
}

/**
 * The identity of a key. Rejects with `access.unauthenticated` for every text that is no live key, and with `platform.unavailable`. A stream
 * that was opened with a key lasts no longer than one of an access token, so that it does not outlive the key by months.
 */
export function judgeApiKey(ports: ApiKeyJudgePorts) {
  return async (text: string): Promise<ProvenIdentity> => {
    const keyId = apiKeyIdIn(text);
    if (keyId === null) throw new PlatformError('access.unauthenticated');
    const key = await ports.apiKeys.find(keyId);
    if (key === null || !key.isLive || !timingSafeEqual(ports.secrets.hash(text), key.secretHash)) {
      throw new PlatformError('access.unauthenticated');
    }
    ports.uses.note(key.tenant.id, keyId);
    return {
      principal: { kind: 'api-key', id: key.principalId },
      tenant: key.tenant,
      scopes: new Set(key.scopes),
      hangsOn: keyId,
      agentNames: key.agentNames,
      expiresAtMs: ports.clock.nowMs() + Math.min(key.leftMs, limits.accessTokenMs),
      confirmation: null,
      ...(key.allocation === undefined ? {} : { allocation: key.allocation }),
    };
  };
}
