import { cancelClosedStreams } from './canceled-streams.ts';
import { keepSessions } from './kept-sessions.ts';

/** Works around faults of Node and undici by which an HTTP/2 peer could hang or crash this process. Returns a function that undoes it. */
export function mendHttp2(): () => void {
  const stops = [cancelClosedStreams(), keepSessions()];
  return () => stops.forEach((stop) => stop());
}
