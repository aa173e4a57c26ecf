import type { Draw } from '../seeded.ts';
import { pick } from './json-text.ts';
import type { FuzzRequest, Party } from './party.ts';

const grants = [
  'client_credentials',
  'client_credentials',
  'authorization_code',
  'refresh_token',
  'password',
  '',
  'x',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  '__proto__',
];
const tokenType = 'urn:ietf:params:oauth:token-type:access_token';
const words = [
  '',
  ' ',
  '\u0000',
  '\u{1f600}',
  '%',
  '%zz',
  'x'.repeat(300),
  'x'.repeat(9_000),
  '__proto__',
  '[]',
  '{"a":1}',
  'a2a:read',
  'a2a:read a2a:read',
  'platform:operate',
  'openid offline_access',
  'https://a.invalid',
  "' or 1=1--",
  'eyJhbGciOiJub25lIn0.e30.',
  'a.b.c',
  '-1',
  '\ud800',
  tokenType,
  'javascript:alert(1)',
];
const paths = ['/oauth/token', '/oauth/token', '/oauth/introspect', '/oauth/revoke'];
const names = [
  'grant_type',
  'scope',
  'resource',
  'audience',
  'token',
  'token_type_hint',
  'client_id',
  'client_secret',
  'code',
  'client_assertion',
  'client_assertion_type',
  'subject_token',
  'subject_token_type',
  'actor_token',
  'dpop_jkt',
  'actor_token_type',
  'requested_token_type',
  'refresh_token',
  'redirect_uri',
  'code_verifier',
  'username',
  'x',
];

/** A request to the authorization server, as the client `shown` or without a client. */
export function oauthRequest(shown: Party | null, draw: Draw): FuzzRequest {
  if (draw(6) === 0) return signInRequest(draw);
  const pairs: [string, string][] = [['grant_type', pick(draw, grants)]];
  if (shown !== null && draw(3) === 0) pairs.push(['subject_token', shown.token], ['subject_token_type', tokenType]);
  // No token that is revoked here is still needed.
  for (let count = draw(5); count > 0; count -= 1) pairs.push([pick(draw, names), pick(draw, words)]);
  const form = new URLSearchParams(pairs).toString();
  const body = draw(8) === 0 ? form.replaceAll('%', '%%') + '&&=&%00' : form;
  const secret = draw(3) === 0 ? pick(draw, words) : (shown?.clientSecret ?? 'wrong');
  const basic = Buffer.from(`${shown?.clientId ?? 'cli_x'}:${secret}`).toString('base64');
  return {
    surface: 'OAuth',
    method: 'POST',
    path: pick(draw, paths),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(draw(5) === 0 ? {} : { authorization: `Basic ${basic}` }),
      ...(draw(6) === 0 ? { dpop: pick(draw, ['x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.']) } : {}),
    },
    body: Buffer.from(body),
  };
}

function signInRequest(draw: Draw): FuzzRequest {
  const query = new URLSearchParams([
    ['response_type', pick(draw, ['code', 'token', 'id_token', ''])],
    ['client_id', pick(draw, ['cli_x', ...words])],
    ...Array.from({ length: draw(4) }, () => [pick(draw, [...names, 'state', 'prompt']), pick(draw, words)]),
  ] as [string, string][]);
  const path = pick(draw, [
    `/oauth/authorize?${query.toString()}`,
    `/oauth/authorize/${encodeURIComponent(pick(draw, ['x', '..', '__proto__']))}`,
    `/oauth/password?link=${encodeURIComponent(
      pick(
        draw,
        words.filter((word) => word.isWellFormed()),
      ),
    )}`,
    '/oauth/sign-out',
    '/.well-known/oauth-authorization-server?x=%00',
    '/.well-known/oauth-protected-resource/t/%ff/agents/x',
    '/.well-known/jwks.json',
  ]);
  return { surface: 'OAuth', method: 'GET', path, headers: {}, body: null };
}
