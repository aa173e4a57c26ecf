import type { FastifyRequest } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { networkOf } from '../http/index.ts';

/**
 * Bounds the open requests of this endpoint for each address. Their callers are not authenticated yet, and a slow one holds its place
 * for long: the bound keeps one address from taking every place.
 */
export class UnauthenticatedRequests {
  readonly #open = new Map<string, number>();

  /** Counts a request until its answer has ended. Throws `request.rate-limited`. */
  admit({ context }: FastifyRequest): void {
    const address = networkOf(context.clientAddress);
    const open = this.#open.get(address) ?? 0;
    if (open >= limits.unauthenticatedInFlightPerAddressMax) {
      const message = 'Too many requests are open from this address; wait for their answers and retry.';
      throw new PlatformError('request.rate-limited', { message });
    }
    this.#open.set(address, open + 1);
    context.response.on('close', () => this.#leave(address));
  }

  #leave(address: string): void {
    const open = this.#open.get(address) ?? 0;
    if (open > 1) this.#open.set(address, open - 1);
    else this.#open.delete(address);
  }
}
