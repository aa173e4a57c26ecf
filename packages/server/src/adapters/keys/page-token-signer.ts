import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PageTokenSigner } from '../../modules/gateway/index.ts';

const macBytes = 16;

/** Page tokens as base64url(payload) + "." + base64url(128 bits of HMAC-SHA-256, RFC 2104). */
export function createPageTokenSigner(key: Uint8Array): PageTokenSigner {
  const macOf = (body: string): Buffer => createHmac('sha256', key).update(body).digest().subarray(0, macBytes);
  return {
    sign(payload) {
      const body = Buffer.from(payload).toString('base64url');
      return `${body}.${macOf(body).toString('base64url')}`;
    },
    verify(token) {
      const [body, mac, ...rest] = token.split('.');
      if (body === undefined || mac === undefined || rest.length > 0) return null;
      const given = Buffer.from(mac, 'base64url');
      if (given.length !== macBytes || !timingSafeEqual(given, macOf(body))) return null;
      return Buffer.from(body, 'base64url').toString();
    },
  };
}
