import { readJson } from '@colloquy/protocol/json';
import { clientLimits } from './client-limits.ts';
import { ColloquyError } from './colloquy-error.ts';
import { connectionError } from './http-call.ts';

const jsonDepthMax = 256;

/** The body of an answer as parsed JSON; undefined when it is something else, as from a proxy in between. */
export async function readAnswerJson(response: Response): Promise<unknown> {
  const reading = readJson(await readBytes(response), { depthMax: jsonDepthMax });
  return reading.kind === 'value' ? reading.value : undefined;
}

/** The body of an answer as text. */
export async function readAnswerText(response: Response): Promise<string> {
  return new TextDecoder().decode(await readBytes(response));
}

async function readBytes(response: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
    for await (const piece of body ?? []) {
      bytes += piece.byteLength;
      if (bytes > clientLimits.answerBytesMax) throw tooLarge(clientLimits.answerBytesMax);
      pieces.push(piece);
    }
  } catch (error) {
    throw connectionError(error, undefined, response.url);
  }
  return Buffer.concat(pieces, bytes);
}

/** An answer or event beyond the client's bound. */
export function tooLarge(bytesMax: number): ColloquyError {
  return new ColloquyError({
    code: 'sdk.answer-too-large',
    kind: 'too-large',
    message: `The platform answered more than the ${bytesMax} bytes this client accepts.`,
    retry: { kind: 'never' },
  });
}

/** An answer that breaks the platform's contract. */
export function invalidAnswer(message: string, requestId?: string): ColloquyError {
  return new ColloquyError({
    code: 'sdk.invalid-answer',
    kind: 'internal',
    message: `The platform's answer is not understood: ${message}.`,
    retry: { kind: 'never' },
    requestId,
  });
}

/** The id under which the platform logged this request. */
export function requestIdOf(response: Response): string | undefined {
  return response.headers.get('x-request-id') ?? undefined;
}
