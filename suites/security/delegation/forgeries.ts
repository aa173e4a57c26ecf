import { generateKeyPairSync, sign } from 'node:crypto';
import type { Draw } from '../seeded.ts';
import type { DelegationFields } from './stage.ts';

/** What a forger has: what it was given itself, and what it came by. */
export interface Loot {
  readonly given: DelegationFields;
  /** Of another task of the tenant. */
  readonly another: DelegationFields;
  /** Of a task of another tenant. */
  readonly foreign: DelegationFields;
  /** Of a task that has ended long ago. */
  readonly outlived: DelegationFields;
  readonly accessToken: string;
  readonly draw: Draw;
}

const nobodysKey = generateKeyPairSync('ed25519').privateKey;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (fields: DelegationFields): string => fields['colloquy-delegation'] ?? '';
const taskOf = (fields: DelegationFields): string => fields['colloquy-task'] ?? '';
const partsOf = (fields: DelegationFields): readonly [string, string, string] => {
  const [head = '', body = '', signature = ''] = tokenOf(fields).split('.');
  return [head, body, signature];
};
// Written by the platform, so an object.
const read = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
const withToken = (fields: DelegationFields, token: string): DelegationFields => ({
  ...fields,
  'colloquy-delegation': token,
});
const resigned = (head: string, body: string): string =>
  `${head}.${body}.${sign(null, Buffer.from(`${head}.${body}`), nobodysKey).toString('base64url')}`;

function claiming({ given }: Loot, claims: Record<string, unknown>): DelegationFields {
  const [head, body, signature] = partsOf(given);
  return withToken(given, `${head}.${encode({ ...read(body), ...claims })}.${signature}`);
}

/** Ways to claim a place in a chain that one does not have. */
export const forgeries: Readonly<Record<string, (loot: Loot) => DelegationFields>> = {
  'a word': ({ given, draw }) => withToken(given, `w${String(draw(1e9))}`),
  'an access token': ({ given, accessToken }) => withToken(given, accessToken),
  'no algorithm'({ given }) {
    const [head, body] = partsOf(given);
    return withToken(given, `${encode({ ...read(head), alg: 'none' })}.${body}.`);
  },
  'an unknown key under a known id'({ given }) {
    const [head, body] = partsOf(given);
    return withToken(given, resigned(head, body));
  },
  'an unknown key that the token brings along'({ given }) {
    const [head, body] = partsOf(given);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) };
    return withToken(given, resigned(encode({ ...read(head), jwk }), body));
  },
  'a secret of everybody'({ given, draw }) {
    const [head, body] = partsOf(given);
    return withToken(given, `${encode({ ...read(head), alg: 'HS256' })}.${body}.${'A'.repeat(1 + draw(80))}`);
  },
  'a flipped character'({ given, draw }) {
    const token = tokenOf(given);
    const [head] = partsOf(given);
    // Behind the header; the last character of a signature has bits that say nothing.
    const at = head.length + 1 + draw(token.length - head.length - 2);
    return withToken(given, token.slice(0, at) + (token[at] === 'x' ? 'y' : 'x') + token.slice(at + 1));
  },
  'an end that is cut off': ({ given, draw }) => withToken(given, tokenOf(given).slice(0, -1 - draw(40))),
  'a token twice': ({ given }) => withToken(given, `${tokenOf(given)}${tokenOf(given)}`),
  'claims of another task under this signature'({ given, another }) {
    const [head, , signature] = partsOf(given);
    return withToken(another, `${head}.${partsOf(another)[1]}.${signature}`);
  },
  'an empty chain': (loot) => claiming(loot, { chain: null }),
  'a chain of another root': (loot) => claiming(loot, { chain: { root: taskOf(loot.another), depth: 0 } }),
  'another tenant': (loot) => claiming(loot, { tenant: 'other' }),
  'another audience': (loot) => claiming(loot, { aud: 'http://127.0.0.1:1/' }),
  'another task beside the token': ({ given, another }) => ({ ...given, 'colloquy-task': taskOf(another) }),
  'a task of another tenant beside the token': ({ given, foreign }) => ({ ...given, 'colloquy-task': taskOf(foreign) }),
  'an unknown task beside the token': ({ given, draw }) => ({
    ...given,
    'colloquy-task': `tsk_${draw(2 ** 32)
      .toString(16)
      .padStart(32, '0')}`,
  }),
  'no id beside the token': ({ given }) => ({ ...given, 'colloquy-task': 'first' }),
  'a token of another tenant, replayed': ({ foreign }) => foreign,
  'a token of a task that is long over, replayed': ({ outlived }) => outlived,
};
