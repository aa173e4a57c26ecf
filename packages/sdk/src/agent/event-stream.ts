import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { formatSseComment, formatSseEvent } from '@colloquy/protocol/sse';
import { eventStreamType } from '@colloquy/protocol/v1';
import { agentLimits } from './agent-limits.ts';

/** Writes a `text/event-stream` at the reader's pace, with a comment now and then while nothing happens. */
export async function writeEventStream(
  response: ServerResponse,
  events: AsyncIterable<{ readonly id: string; readonly data: string }>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': eventStreamType, 'cache-control': 'no-store' });
  response.flushHeaders();
  const beat = (): unknown => response.write(formatSseComment(''));
  const heartbeat = setInterval(beat, agentLimits.streamHeartbeatMs).unref();
  try {
    for await (const { id, data } of events) {
      if (signal.aborted) return;
      if (!response.write(formatSseEvent({ id, data }))) await once(response, 'drain', { signal });
    }
    response.end();
  } finally {
    clearInterval(heartbeat);
  }
}
