import type { IncomingHttpHeaders } from 'node:http';
import { PlatformError } from '../../kernel/errors.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';

/** A body that announces no length may be the largest; a longer one is refused before it is read. */
export function announcedBytes(headers: IncomingHttpHeaders): number {
  const { 'content-length': length } = headers;
  if (length !== undefined) return Math.min(Number(length), limits.bodyBytesMax);
  return headers['transfer-encoding'] === undefined ? 0 : limits.bodyBytesMax;
}

/** The memory budget of request bodies in flight. No tenant can use all of it; small bodies do not count. */
export class BodyRoom {
  readonly #bytesOf = new Map<TenantId, number>();
  #bytes = 0;

  /** Reserves memory for a body and returns the bytes to release later. Throws `platform.overloaded` when the budget is used up. */
  take(tenantId: TenantId, bytes: number): number {
    if (bytes <= limits.smallBodyBytesMax) return 0;
    const ofTenant = (this.#bytesOf.get(tenantId) ?? 0) + bytes;
    const isFull = this.#bytes + bytes > limits.bodyBytesInFlightMax || ofTenant > limits.tenantBodyBytesInFlightMax;
    if (isFull) throw new PlatformError('platform.overloaded');
    this.#bytes += bytes;
    this.#bytesOf.set(tenantId, ofTenant);
    return bytes;
  }

  giveBack(tenantId: TenantId, bytes: number): void {
    if (bytes === 0) return;
    this.#bytes -= bytes;
    const left = (this.#bytesOf.get(tenantId) ?? 0) - bytes;
    if (left > 0) this.#bytesOf.set(tenantId, left);
    else this.#bytesOf.delete(tenantId);
  }
}
