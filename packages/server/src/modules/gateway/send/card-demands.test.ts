/** Guarantee: an agent gets no message that its card rules out, and every message that it does not. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Part } from '@colloquy/protocol';
import type { Route } from '../../routing/index.ts';
import { streamCursorUri } from '../../registry/index.ts';
import { activeExtensions, assertCardDemands } from './card-demands.ts';

const declared = [
  { uri: 'urn:x:needed', required: true },
  { uri: 'urn:x:useful', required: false },
];

type Declared = Pick<Route, 'inputModes' | 'extensions'>;

const routeOf = (card: Partial<Declared>): Route => ({ inputModes: [], extensions: [], ...card }) as Declared as Route;

const sendOf = (mediaTypes: readonly (string | undefined)[], extensions?: readonly string[]) => ({
  request: {
    message: {
      messageId: 'm',
      role: 'ROLE_USER' as const,
      parts: mediaTypes.map((mediaType): Part => ({ text: 'x', ...(mediaType === undefined ? {} : { mediaType }) })),
    },
  },
  options: extensions === undefined ? {} : { extensions },
});

const refusal = (card: Partial<Declared>, send: ReturnType<typeof sendOf>): string => {
  try {
    assertCardDemands(routeOf(card), send);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the demands of a card', () => {
  for (const [modes, type, expected] of [
    [['text/plain'], 'text/plain', 'taken'],
    [['text/plain'], 'Text/Plain; charset=utf-8', 'taken'],
    [['text/plain'], undefined, 'taken'],
    [['text/*'], 'text/markdown', 'taken'],
    [['text'], 'text/markdown', 'taken'],
    [['*/*'], 'image/png', 'taken'],
    [[], 'image/png', 'taken'],
    [['text/plain', 'application/json'], 'application/json', 'taken'],
    [['text/plain'], 'image/png', 'task.media-type-unsupported'],
    [['text'], 'textual/odd', 'task.media-type-unsupported'],
    [['text/pl'], 'text/plain', 'task.media-type-unsupported'],
  ] as const) {
    it(`${expected}: ${type ?? 'no type'} for ${modes.join(', ') || 'no modes'}`, () => {
      assert.equal(refusal({ inputModes: modes }, sendOf([undefined, type])), expected);
    });
  }

  it('ask for a required extension by its exact name', () => {
    const card = { extensions: declared };
    assert.equal(refusal(card, sendOf([undefined])), 'task.extension-required');
    assert.equal(refusal(card, sendOf([undefined], ['urn:x:need', 'urn:x:useful'])), 'task.extension-required');
    assert.equal(refusal(card, sendOf([undefined], ['urn:x:needed'])), 'taken');
  });

  it('activate what was named and declared, nothing else', () => {
    const named = sendOf([undefined], ['urn:x:other', 'urn:x:useful', 'urn:x:needed']);
    assert.deepEqual(activeExtensions(routeOf({ extensions: declared }), named), ['urn:x:needed', 'urn:x:useful']);
    assert.deepEqual(activeExtensions(routeOf({ extensions: declared }), sendOf([undefined])), []);
    // Ours ends here, also when the agent is another platform of ours.
    const ours = routeOf({ extensions: [{ uri: streamCursorUri, required: false }] });
    assert.deepEqual(activeExtensions(ours, sendOf([undefined], [streamCursorUri])), []);
  });
});
