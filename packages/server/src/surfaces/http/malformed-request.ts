import type { Socket } from 'node:net';
import type { RequestContext } from './request-context.ts';

const statusByErrorCode: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Answers bytes that are no HTTP request, and closes: what follows on this connection could be anything. No answer is written
 * that could be taken for the answer to another request: `open` are those without a complete answer. A request that is only late, behind
 * others, is left alone.
 */
export function answerMalformed(
  error: Error & { readonly code?: string },
  socket: Socket,
  open: readonly RequestContext[],
): void {
  // It waits for its turn; then its pace is judged. The answers before it are not lost for it.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && open.length > 1 && open.at(-1)?.isReceived === false) return;
  const [only] = open;
  const isOwnBody = open.length === 1 && only?.request.complete === false && !only.response.headersSent;
  const isSafe = socket.writable && error.code !== 'ECONNRESET' && (open.length === 0 || isOwnBody);
  if (!isSafe) {
    socket.destroy();
    return;
  }
  const status = statusByErrorCode[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
