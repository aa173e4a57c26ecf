import { cancelClosedStreams } from './canceled-streams.ts';
import { keepSessions } from './kept-sessions.ts';

/** Keeps whoever is at the other end of a connection of HTTP/2 from stopping or ending this process by faults of Node and undici. Answers how to stop it. */
export function mendHttp2(): () => void {
  const stops = [cancelClosedStreams(), keepSessions()];
  return () => stops.forEach((stop) => stop());
}
