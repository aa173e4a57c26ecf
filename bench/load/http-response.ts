/** One HTTP/1.1 answer as far as its bytes are there. A load generator needs no more of HTTP than this, and must cost little. */
export type ParsedResponse =
  | { readonly kind: 'incomplete' }
  | {
      readonly kind: 'complete';
      readonly status: number;
      readonly body: Buffer;
      readonly keepAlive: boolean;
      /** For the next proof (RFC 9449 section 8.2); absent: the one in use will do. */
      readonly proofNonce: string | undefined;
    }
  | { readonly kind: 'invalid'; readonly reason: string };

const incomplete: ParsedResponse = { kind: 'incomplete' };
const invalid = (reason: string): ParsedResponse => ({ kind: 'invalid', reason });

/** Reads the only answer in `bytes`. Bytes after it are an error: a closed loop never has two requests under way. */
export function parseResponse(bytes: Buffer): ParsedResponse {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return incomplete;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
  if (status === undefined) return invalid('no HTTP/1.1 status line');
  const keepAlive = !/\r\nconnection: *close/i.test(head);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const rest = bytes.subarray(headEnd + 4);
  const body = length === undefined ? chunkedBody(head, rest) : sizedBody(Number(length), rest);
  if (!Buffer.isBuffer(body)) return body;
  const proofNonce = /\r\ndpop-nonce: *([\w-]+)/i.exec(head)?.[1];
  return { kind: 'complete', status: Number(status), body, keepAlive, proofNonce };
}

function sizedBody(length: number, rest: Buffer): Buffer | ParsedResponse {
  if (rest.length < length) return incomplete;
  return rest.length > length ? invalid('bytes after the answer') : rest;
}

function chunkedBody(head: string, rest: Buffer): Buffer | ParsedResponse {
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return invalid('neither Content-Length nor chunked');
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd === -1) return incomplete;
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size)) return invalid('bad chunk size');
    const start = lineEnd + 2;
    if (rest.length < start + size + 2) return incomplete;
    if (size === 0) return rest.length === start + 2 ? Buffer.concat(pieces) : invalid('bytes after the answer');
    pieces.push(rest.subarray(start, start + size));
    at = start + size + 2;
  }
}
