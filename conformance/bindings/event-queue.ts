import type { StreamEvent, WireStream } from './binding.ts';

const withinMsDefault = 10_000;

/** Makes a stream that tells when nothing comes from whatever hands out events. */
export function streamOf(
  source: AsyncIterable<StreamEvent, undefined>,
  { contentType, close }: { readonly contentType: string | undefined; readonly close: () => void },
): WireStream {
  const iterator = source[Symbol.asyncIterator]();
  const next: WireStream['next'] = async (withinMs = withinMsDefault) => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`No event within ${withinMs} ms.`)), withinMs);
    try {
      const step: IteratorResult<StreamEvent, undefined> = await Promise.race([iterator.next(), late.promise]);
      return step.value;
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    contentType,
    next,
    async rest() {
      const events: StreamEvent[] = [];
      for (let event = await next(); event !== undefined; event = await next()) events.push(event);
      return events;
    },
    close,
  };
}

/** A stream that never came to be. */
export const refusedStream = (refusal: NonNullable<WireStream['refusal']>): WireStream => ({
  refusal,
  contentType: refusal.header('content-type'),
  next: () => Promise.resolve(undefined),
  rest: () => Promise.resolve([]),
  close: () => {},
});
