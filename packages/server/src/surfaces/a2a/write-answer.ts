import type { ServerResponse } from 'node:http';
import { jsonPieces } from '@colloquy/protocol/json';
import type { FastifyReply } from 'fastify';
import type { HeldBytes } from '../../kernel/byte-budget.ts';
import { limits } from '../../kernel/limits.ts';

/** Above it counting costs more than a second write. */
const longAnswerChars = 64 * 1024;
/** A long answer leaves in pieces, so that it shows whether its reader takes any. */
const pieceBytes = 64 * 1024;
/** About a millisecond's work. */
const encodedChars = 256 * 1024;

/** The answer of one request. */
export interface WrittenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Text, or its bytes in pieces. */
  readonly body: string | readonly Buffer[];
  /** The bytes of the request, which are those of its answer from now on; absent: they are not counted. */
  readonly held: HeldBytes | undefined;
}

/** Writes an answer past the framework: nothing between here and the socket changes it. */
export function writeAnswer(reply: FastifyReply, { status, headers, body, held }: WrittenAnswer): void {
  reply.hijack();
  const { raw } = reply;
  if (raw.headersSent) return;
  // As text it leaves in one write together with the head; a long one becomes bytes once, instead of being counted and then turned.
  const said = typeof body === 'string' && body.length > longAnswerChars ? [Buffer.from(body)] : body;
  const bytes = typeof said === 'string' ? Buffer.byteLength(said) : said.reduce((sum, { length }) => sum + length, 0);
  raw.writeHead(status, { ...headers, 'content-length': bytes });
  held?.set(bytes);
  if (typeof said === 'string') endAnswer(raw, said, held);
  else writePieces(raw, said, held);
}

/** The bytes of a long answer. Other work goes on between its pieces; rejects with `request.canceled` when its caller leaves meanwhile. */
export async function encodeInPieces(
  frame: (json: string) => string,
  value: object,
  held: HeldBytes | undefined,
): Promise<readonly Buffer[]> {
  // Where the result stands in its frame; what follows it has no digit.
  const around = frame('0');
  const at = around.lastIndexOf('0');
  const texts: Iterator<string, void> = jsonPieces(value, encodedChars);
  const pieces: Buffer[] = [Buffer.from(around.slice(0, at))];
  for (;;) {
    const next = (): Buffer | null => {
      const text = texts.next();
      return text.done === true ? null : Buffer.from(text.value);
    };
    const piece = held === undefined ? next() : await held.work(next);
    if (piece === null) break;
    pieces.push(piece);
  }
  pieces.push(Buffer.from(around.slice(at + 1)));
  return pieces;
}

/** What its reader has not taken with the last write counts until the connection takes or loses it. */
function endAnswer(raw: ServerResponse, rest: string, held: HeldBytes | undefined): void {
  raw.end(rest);
  if (held === undefined || held.bytes <= limits.heldBytesFree || raw.writableLength === 0) return;
  held.stall(limits.heldAnswerStallMs, () => raw.destroy());
}

/** A reader that takes nothing for long, while others need the bytes, loses its connection. */
function writePieces(raw: ServerResponse, all: readonly Buffer[], held: HeldBytes | undefined): void {
  const pieces = cut(all);
  const goOn = (): void => {
    held?.move();
    for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
      if (raw.write(next.value)) continue;
      held?.stall(limits.heldAnswerStallMs, () => raw.destroy());
      return;
    }
    endAnswer(raw, '', held);
  };
  raw.on('drain', goOn);
  goOn();
}

function* cut(all: readonly Buffer[]): Generator<Buffer> {
  for (const bytes of all)
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
