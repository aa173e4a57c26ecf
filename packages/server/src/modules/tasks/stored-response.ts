import type { StreamResponse } from '@colloquy/protocol';

/** The A2A 1.0 StreamResponse of a log entry. The log holds only what this platform encoded from decoded A2A. */
export function storedResponse(json: string): StreamResponse {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by this platform, by a database policy nobody else can
  return JSON.parse(json) as StreamResponse;
}
