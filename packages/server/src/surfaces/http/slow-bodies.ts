import type { Socket } from 'node:net';
import { limits } from '../../kernel/limits.ts';
import type { RequestContext } from './request-context.ts';

interface Progress {
  readonly context: RequestContext;
  bytesRead: number;
  atMs: number;
}

/**
 * Finds requests whose bodies come in so slowly that they only hold what they have. Checked by one timer: nothing is counted while a
 * request is read.
 */
export class SlowBodies {
  #watched = new Map<Socket, Progress>();

  /** Answers the requests among those under way that brought too little since they were first checked. */
  check(underWay: Iterable<RequestContext>, nowMs: number): readonly RequestContext[] {
    const slow: RequestContext[] = [];
    const watched = new Map<Socket, Progress>();
    for (const context of underWay) {
      if (context.isOver || context.isReceived) continue;
      const { socket } = context;
      const progress = this.#watched.get(socket);
      if (progress?.context !== context) {
        watched.set(socket, { context, bytesRead: socket.bytesRead, atMs: nowMs });
        continue;
      }
      watched.set(socket, progress);
      const elapsedMs = nowMs - progress.atMs;
      if (elapsedMs < limits.bodyPatienceMs) continue;
      if (socket.bytesRead - progress.bytesRead < (limits.bodyBytesPerSecondMin * elapsedMs) / 1_000)
        slow.push(context);
      progress.bytesRead = socket.bytesRead;
      progress.atMs = nowMs;
    }
    this.#watched = watched;
    return slow;
  }
}
