import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers the public card with validators and a lifetime for caches (A2A 1.0 section 8.6). */
export function createCardEndpoint(cardJson: string): (request: IncomingMessage, response: ServerResponse) => void {
  const etag = `"${createHash('sha256').update(cardJson).digest('base64url').slice(0, 27)}"`;
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=60',
    etag,
    'last-modified': new Date().toUTCString(),
  };
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
    } else {
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(cardJson) });
      response.end(request.method === 'HEAD' ? undefined : cardJson);
    }
  };
}
