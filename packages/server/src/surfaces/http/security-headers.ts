import type { ServerResponse } from 'node:http';

/** Fields of every answer. An endpoint may give Cache-Control another value; nothing here is for pages. */
const securityHeaders: readonly (readonly [string, string])[] = [
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
];

/** Set on the raw response, so that hijacked answers and streams carry them too. */
export function setCommonHeaders(response: ServerResponse, requestId: string): void {
  for (const [name, value] of securityHeaders) response.setHeader(name, value);
  response.setHeader('X-Request-Id', requestId);
}
