/** Guarantee: the bytes of a card that is kept are written once for each form, and hold no more memory than they are long. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainCard } from '@colloquy/testkit';
import type { ServedCard } from '../../modules/registry/index.ts';
import { cardBytes } from './card-bytes.ts';
import type { CardForm } from './card-forms.ts';

const served: ServedCard = {
  card: plainCard('Écho \ud800'),
  etag: '"1"',
  lastModified: new Date(0),
  cacheControl: 'private',
};
const formOf = (version: string): CardForm => ({ version, encode: ({ name }) => `${version} ${name}` });

describe('the bytes of a card', () => {
  it('are written once for each of its forms', () => {
    const [one, other] = [formOf('1.0'), formOf('0.3')];
    const first = cardBytes(served, one);
    assert.deepEqual(first, Buffer.from('1.0 Écho \ufffd'));
    assert.deepEqual(cardBytes(served, other), Buffer.from('0.3 Écho \ufffd'));
    assert.equal(cardBytes(served, one), first);
    assert.notEqual(cardBytes({ ...served }, one), first, 'of another card');
  });

  it('hold no memory but their own', () => {
    const bytes = cardBytes({ ...served }, formOf('1.0'));
    assert.equal(bytes.buffer.byteLength, bytes.length);
  });
});
