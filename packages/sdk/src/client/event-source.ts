import { SseError, SseParser } from '@colloquy/protocol/sse';
import type { SseEvent } from '@colloquy/protocol/sse';
import { clientLimits } from './client-limits.ts';
import { tooLarge } from './http-answer.ts';
import { connectionError } from './http-call.ts';

/**
 * The events of one open stream. Ends when the server closes it; throws `sdk.unreachable` when it is cut or falls silent.
 * Leaving the loop closes the connection.
 */
export async function* readEvents(response: Response, signal: AbortSignal | undefined): AsyncGenerator<SseEvent> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const parser = new SseParser({ eventBytesMax: clientLimits.eventBytesMax });
  const leave = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', leave, { once: true });
  try {
    for (;;) {
      const chunk = await nextChunk(reader);
      signal?.throwIfAborted();
      if (chunk === undefined) return;
      yield* parser.push(chunk);
    }
  } catch (error) {
    if (error instanceof SseError && error.fault === 'event-too-large') throw tooLarge(clientLimits.eventBytesMax);
    throw connectionError(error, signal, response.url);
  } finally {
    signal?.removeEventListener('abort', leave);
    leave();
  }
}

async function nextChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  const { promise: silence, reject } = Promise.withResolvers<never>();
  const { streamSilenceMs } = clientLimits;
  const timer = setTimeout(() => reject(new Error(`silent for ${streamSilenceMs} ms`)), streamSilenceMs);
  try {
    return (await Promise.race([reader.read(), silence])).value;
  } finally {
    clearTimeout(timer);
  }
}
