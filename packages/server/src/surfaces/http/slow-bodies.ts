import type { Socket } from 'node:net';
import { limits } from '../../kernel/limits.ts';
import type { Visit } from './visit.ts';

interface Progress {
  readonly visit: Visit;
  bytesRead: number;
  atMs: number;
}

/**
 * Finds requests whose bodies come in so slowly that they only hold what they have. Looked at by one timer: nothing is counted while a
 * request is read.
 */
export class SlowBodies {
  #watched = new Map<Socket, Progress>();

  /** Answers the requests among those under way that brought too little since they were first looked at. */
  look(underWay: Iterable<Visit>, nowMs: number): readonly Visit[] {
    const slow: Visit[] = [];
    const watched = new Map<Socket, Progress>();
    for (const visit of underWay) {
      if (visit.isOver || visit.isReceived) continue;
      const { socket } = visit;
      const progress = this.#watched.get(socket);
      if (progress?.visit !== visit) {
        watched.set(socket, { visit, bytesRead: socket.bytesRead, atMs: nowMs });
        continue;
      }
      watched.set(socket, progress);
      const elapsedMs = nowMs - progress.atMs;
      if (elapsedMs < limits.bodyPatienceMs) continue;
      if (socket.bytesRead - progress.bytesRead < (limits.bodyBytesPerSecondMin * elapsedMs) / 1_000) slow.push(visit);
      progress.bytesRead = socket.bytesRead;
      progress.atMs = nowMs;
    }
    this.#watched = watched;
    return slow;
  }
}
