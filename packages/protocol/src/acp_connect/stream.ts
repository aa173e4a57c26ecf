import { isRecord } from '../codec/index.ts';
import type { JsonRecord } from '../codec/index.ts';
import type { JsonObject } from '../model/index.ts';
import { errorMessageOf } from './errors.ts';
import type { AcpConnectErrorCode } from './errors.ts';

/** What happens to a run, as its stream tells it. */
export type RunEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'processing'; readonly progress?: number; readonly message?: string }
  | { readonly kind: 'complete'; readonly id: string; readonly output: JsonObject }
  | { readonly kind: 'cancelled'; readonly message?: string }
  | { readonly kind: 'error'; readonly code: AcpConnectErrorCode; readonly message: string };

/** Writes the events of one run: progress never falls, and nothing follows the final event. */
export class RunEventEncoder {
  readonly #response: ((event: RunEvent & { readonly kind: 'complete' }) => JsonObject) | undefined;
  #progress = 0;
  #ended = false;

  /** `response` makes the whole answer of `POST /invoke` with `stream: true`; `POST /invoke/stream` has none. */
  constructor(response?: (event: RunEvent & { readonly kind: 'complete' }) => JsonObject) {
    this.#response = response;
  }

  /** The `data` lines of an event, in order; none after the final event. `timestamp` is RFC 3339. */
  encode(event: RunEvent, timestamp: string): readonly string[] {
    if (this.#ended) return [];
    this.#ended = event.kind !== 'start' && event.kind !== 'processing';
    const line = JSON.stringify({ ...this.#members(event), timestamp });
    return this.#ended && this.#response !== undefined ? [line, '[DONE]'] : [line];
  }

  #members(event: RunEvent): JsonRecord {
    switch (event.kind) {
      case 'start':
        return { event: 'start', status: 'started' };
      case 'processing':
        return { event: 'processing', status: 'processing', progress: this.#raised(event), message: event.message };
      case 'complete': {
        const { id, output } = event;
        if (this.#response === undefined) return { event: 'complete', status: 'complete', id, result: output, output };
        return { event: 'complete', status: 'completed', id, result: this.#response(event), output };
      }
      case 'cancelled':
        return { event: 'cancelled', status: 'cancelled', message: event.message };
      case 'error':
        return { event: 'error', status: 'error', error: event.message, code: event.code };
    }
  }

  #raised({ progress }: { readonly progress?: number }): number | undefined {
    if (progress === undefined) return undefined;
    this.#progress = Math.max(this.#progress, Math.min(progress, 100));
    return this.#progress;
  }
}

/** An event as a peer sent it, in any of the four vocabularies. */
export type PeerRunEvent =
  | { readonly kind: 'working'; readonly progress?: number; readonly message?: string }
  | { readonly kind: 'complete'; readonly output: unknown; readonly id?: string }
  | { readonly kind: 'cancelled'; readonly message?: string }
  | { readonly kind: 'error'; readonly message: string };

/**
 * Reads the `data` of one event, parsed; undefined for what is no event, which readers skip. Never throws. A stream
 * that ends without `complete`, `cancelled` or `error` has failed.
 */
export function decodeRunEvent(value: unknown): PeerRunEvent | undefined {
  if (!isRecord(value)) return undefined;
  const state = value['status'] ?? value['event'] ?? undefined;
  const message = textOf(value['message']);
  const shown = message === undefined ? {} : { message };
  switch (state) {
    case 'complete':
    case 'completed': {
      const id = textOf(value['id']);
      return { kind: 'complete', output: outputOf(value), ...(id === undefined ? {} : { id }) };
    }
    case 'cancelled':
      return { kind: 'cancelled', ...shown };
    case 'error':
      return { kind: 'error', message: errorMessageOf(value) ?? '' };
    case undefined:
      return 'error' in value ? { kind: 'error', message: errorMessageOf(value) ?? '' } : undefined;
    default: {
      const progress = value['progress'];
      return { kind: 'working', ...(typeof progress === 'number' ? { progress } : {}), ...shown };
    }
  }
}

function outputOf({ result, output }: JsonRecord): unknown {
  const inner = isRecord(result) ? result['output'] : undefined;
  return inner ?? result ?? output;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
