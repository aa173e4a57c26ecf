import type { IssuerSettings } from '@colloquy/sdk/client';
import type { Arguments } from '../arguments.ts';
import { asTyped } from '../as-typed.ts';
import type { OptionSpecs } from '../command-shape.ts';
import { UsageError } from '../usage-error.ts';

/** Options that say what the tokens of an external issuer mean. */
export const termOptions: OptionSpecs = {
  map: {
    type: 'string',
    value: 'word=scope,…',
    multiple: true,
    description: 'What a word of the scopes claim grants here',
  },
  algorithm: {
    type: 'string',
    value: 'name',
    multiple: true,
    description: 'RS256, PS256, ES256 or EdDSA; default all of them',
  },
  'token-type': {
    type: 'string',
    value: 'type',
    description: 'at+jwt (default), or jwt for servers that do not say that a token is an access token',
  },
  'subject-claim': { type: 'string', value: 'claim', description: 'Claim that names who acts; default sub' },
  'scopes-claim': { type: 'string', value: 'claim', description: 'Claim that says what may be done; default scope' },
};

/** The terms that were given; a name that was not is left out. */
export function termsIn(args: Arguments): Partial<Omit<IssuerSettings, 'name'>> {
  const map = args.texts('map');
  const algorithms = args.texts('algorithm');
  const [subjectClaim, scopesClaim] = ['subject-claim', 'scopes-claim'].map((option) => args.text(option));
  const tokenType = args.text('token-type');
  return {
    ...(map.length === 0 ? {} : { scopeMap: Object.fromEntries(map.map(wordIn)) }),
    ...(algorithms.length === 0 ? {} : { algorithms: algorithms.map((name) => asTyped(name)) }),
    ...(tokenType === undefined ? {} : { tokenType: asTyped(tokenType) }),
    ...(subjectClaim === undefined ? {} : { subjectClaim }),
    ...(scopesClaim === undefined ? {} : { scopesClaim }),
  };
}

/** A word may itself hold `=`; a scope does not. */
function wordIn(text: string): readonly [string, readonly string[]] {
  const at = text.lastIndexOf('=');
  const scopes = text
    .slice(at + 1)
    .split(',')
    .filter((scope) => scope !== '');
  if (at > 0 && scopes.length > 0) return [text.slice(0, at), scopes];
  throw new UsageError(`--map does not understand "${text}".`, 'Write it like "agents.call=a2a:send,a2a:read".');
}
