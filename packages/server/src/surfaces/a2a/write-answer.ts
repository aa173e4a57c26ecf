import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { HeldBytes } from '../../kernel/byte-budget.ts';
import { limits } from '../../kernel/limits.ts';

/** Above it counting costs more than a second write. */
const longAnswerChars = 64 * 1024;
/** A long answer leaves in pieces, so that it shows whether its reader takes any. */
const pieceBytes = 64 * 1024;

/** The answer of one request. */
export interface WrittenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
  /** The bytes of the request, which are those of its answer from now on; absent: they are not counted. */
  readonly held: HeldBytes | undefined;
}

/** Writes an answer past the framework: nothing between here and the socket changes it. */
export function writeAnswer(reply: FastifyReply, { status, headers, body, held }: WrittenAnswer): void {
  reply.hijack();
  const { raw } = reply;
  if (raw.headersSent) return;
  // As text it leaves in one write together with the head; a long one becomes bytes once, instead of being counted and then turned.
  const said = body.length > longAnswerChars ? Buffer.from(body) : body;
  raw.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(said) });
  held?.set(said.length);
  if (typeof said === 'string') endAnswer(raw, said, held);
  else writePieces(raw, said, held);
}

/** What its reader has not taken with the last write counts until the connection takes or loses it. */
function endAnswer(raw: ServerResponse, rest: string, held: HeldBytes | undefined): void {
  raw.end(rest);
  if (held === undefined || held.bytes <= limits.heldBytesFree || raw.writableLength === 0) return;
  held.stall(limits.heldAnswerStallMs, () => raw.destroy());
}

/** A reader that takes nothing for long, while others need the bytes, loses its connection. */
function writePieces(raw: ServerResponse, bytes: Buffer, held: HeldBytes | undefined): void {
  let at = 0;
  const goOn = (): void => {
    held?.move();
    while (at < bytes.length) {
      const piece = bytes.subarray(at, at + pieceBytes);
      at += piece.length;
      if (raw.write(piece)) continue;
      held?.stall(limits.heldAnswerStallMs, () => raw.destroy());
      return;
    }
    endAnswer(raw, '', held);
  };
  raw.on('drain', goOn);
  goOn();
}
