import type { StreamResponse } from '@colloquy/protocol';
import type { ClientOutcome } from '@colloquy/protocol/codec';

/** Header fields of an answer, as undici gives them. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Cuts the bytes of a streamed answer into what it says. Throws `upstream.invalid-answer` and `upstream.too-large`. */
export interface AnswerFrames {
  /** What is complete with these bytes, one by one: what came before a fault is given out before the fault is thrown. */
  push(chunk: Buffer): Iterable<ClientOutcome<StreamResponse>>;
  /** What the end completes. Throws when the answer may not end here, and for a stream that ends with a refusal. */
  end(trailers: AnswerHeaders): readonly ClientOutcome<StreamResponse>[];
}
