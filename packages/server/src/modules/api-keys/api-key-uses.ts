import type { CancelTimer, Clock } from '../../kernel/clock.ts';
import type { ApiKeyId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { ApiKeyStore } from './api-key-store.ts';

export interface ApiKeyUsesPorts {
  readonly apiKeys: Pick<ApiKeyStore, 'noteUses'>;
  readonly clock: Clock;
}

/**
 * Which keys were used, gathered and written together: at most once in `limits.apiKeyUsesWriteMs`, at most `limits.apiKeyUsesMax` keys, and
 * nothing while none is used. A failed write is not repeated: the next use of the key records the same.
 */
export class ApiKeyUses {
  readonly #ports: ApiKeyUsesPorts;
  #waiting = new Map<ApiKeyId, TenantId>();
  #cancelWrite: CancelTimer | null = null;
  #isClosed = false;

  constructor(ports: ApiKeyUsesPorts) {
    this.#ports = ports;
  }

  note(tenantId: TenantId, keyId: ApiKeyId): void {
    if (this.#isClosed || this.#waiting.size >= limits.apiKeyUsesMax) return;
    this.#waiting.set(keyId, tenantId);
    this.#cancelWrite ??= this.#ports.clock.after(limits.apiKeyUsesWriteMs, () => void this.#write());
  }

  /** Writes the gathered uses and records nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelWrite?.();
    await this.#write();
  }

  async #write(): Promise<void> {
    this.#cancelWrite = null;
    const uses = Array.from(this.#waiting, ([keyId, tenantId]) => ({ tenantId, keyId }));
    this.#waiting = new Map();
    if (uses.length > 0) await this.#ports.apiKeys.noteUses(uses).catch(() => undefined);
  }
}
