/** Guarantee: no two tenants or agents have names that differ only to a machine, and no name shadows an address of ours. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slugProblem, tenantSlugProblem } from './slug.ts';

const accepted = ['a', '0', 'acme', 'acme-2', 'a-b-c', 'x'.repeat(63), '1-1'];

const refused: Readonly<Record<string, string>> = {
  empty: '',
  'upper case': 'Acme',
  'trailing space': 'acme ',
  'leading space': ' acme',
  'trailing dot': 'acme.',
  'leading hyphen': '-acme',
  'trailing hyphen': 'acme-',
  'trailing newline': 'acme\n',
  underscore: 'ac_me',
  slash: 'ac/me',
  'percent escape': 'ac%2fme',
  'dot segment': '..',
  'one character too long': 'x'.repeat(64),
  'Cyrillic a': '\u0430cme',
  'full-width letters, equal under NFKC': '\uff41\uff43\uff4d\uff45',
  'ligature, equal under NFKC': 'o\ufb03ce',
  'zero width joiner': 'ac\u200dme',
  'right-to-left mark': 'acme\u200f',
  'combining accent': 'acme\u0301',
  'dotless i': 'ac\u0131d',
  'Kelvin sign': '\u212aite',
  NUL: 'acme\u0000',
  'encoded other script': 'xn--acme-9db',
};

describe('names in addresses', () => {
  it('accepts plain names', () => {
    for (const name of accepted) assert.equal(slugProblem(name), null, name);
  });

  for (const [reason, name] of Object.entries(refused)) {
    it(`refuses a name with ${reason}`, () => {
      assert.notEqual(slugProblem(name), null);
      assert.notEqual(tenantSlugProblem(name), null);
    });
  }

  it('keeps words of our own addresses from tenants, but not from agents', () => {
    for (const word of ['tasks', 'api', 'system', 'agents', 'oauth', 'extendedagentcard']) {
      assert.equal(tenantSlugProblem(word), 'is a reserved word');
      assert.equal(slugProblem(word), null);
    }
    assert.equal(tenantSlugProblem('acme'), null);
  });
});
