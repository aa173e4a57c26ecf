import { makeServerKey, signToken, tokenParts } from '@colloquy/testkit';
import type { AuthorizationServer, ServerKey, TokenAlgorithm } from '@colloquy/testkit';

/** Whose good token a forgery begins with. */
export type TokenIssuer = 'platform' | 'rsa server' | 'pss server' | 'ec server' | 'ed server';

/** A good token, taken apart, with what a forger could have. Of the platform it has no key, of the other servers their own. */
export interface Material {
  readonly issuer: TokenIssuer;
  readonly good: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Signs what is forged: the issuer's own key where the forger has it, otherwise one of the same type. */
  readonly key: ServerKey;
  /** Keys that the issuer does not publish, of every type. */
  readonly foreign: ReadonlyMap<TokenAlgorithm, ServerKey>;
  /** Whether `key` is the issuer's, so that nothing but the forgery is wrong. */
  readonly isOwnKey: boolean;
  /** Good tokens of the other issuers. */
  readonly others: readonly string[];
  readonly nowSeconds: number;
}

const algorithmOf: Readonly<Record<Exclude<TokenIssuer, 'platform'>, TokenAlgorithm>> = {
  'rsa server': 'RS256',
  'pss server': 'PS256',
  'ec server': 'ES256',
  'ed server': 'EdDSA',
};
const serverIssuers = ['rsa server', 'pss server', 'ec server', 'ed server'] as const;

export interface MaterialOptions {
  readonly server: AuthorizationServer;
  readonly audience: string;
  /** A good token of the platform. */
  readonly own: string;
  readonly nowMs: number;
}

/** Fresh good tokens of every issuer. */
export function makeMaterial({ server, audience, own, nowMs }: MaterialOptions): ReadonlyMap<TokenIssuer, Material> {
  const foreign = new Map(serverIssuers.map((name) => [algorithmOf[name], makeServerKey(algorithmOf[name])] as const));
  const nowSeconds = Math.floor(nowMs / 1000);
  const made = serverIssuers.map((issuer) => {
    const tokenRequest = { algorithm: algorithmOf[issuer], audience, scope: 'agents.call', subject: 'forger', nowMs };
    const parts = tokenParts(server, tokenRequest);
    return { issuer, ...parts, good: signToken(parts.header, parts.claims, parts.key), isOwnKey: true };
  });
  const [header = '', claims = ''] = own.split('.');
  const unknownKey = { key: foreign.get('ES256') ?? makeServerKey('ES256'), isOwnKey: false };
  const platform = {
    issuer: 'platform' as const,
    good: own,
    header: decoded(header),
    claims: decoded(claims),
    ...unknownKey,
  };
  const all = [platform, ...made];
  return new Map(
    all.map((one) => {
      const others = all.filter((other) => other !== one).map(({ good }) => good);
      return [one.issuer, { ...one, foreign, others, nowSeconds }];
    }),
  );
}

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
