/** Guarantee: the cursor of an event is the log's own sequence, whatever its agent says, and takes nothing else from the event. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { streamCursorUri } from '../../registry/index.ts';
import { asksForCursors, streamExtensions } from './requested-extensions.ts';
import { withCursor } from './stream-cursor.ts';

const told = (response: object): unknown => JSON.parse(withCursor({ seq: 7, json: JSON.stringify(response) }).json);
const mark = { [streamCursorUri]: { cursor: '7' } };

describe('the cursor of an event', () => {
  for (const kind of ['task', 'statusUpdate', 'artifactUpdate', 'message']) {
    it(`stands in the metadata of a ${kind} beside what else is there, and in place of an agent's own`, () => {
      assert.deepEqual(told({ [kind]: { id: 'a' } }), { [kind]: { id: 'a', metadata: mark } });
      const metadata = { lang: 'de', [streamCursorUri]: { cursor: '99', more: true } };
      const nested = { artifact: { metadata: { deep: 1 } } };
      assert.deepEqual(told({ [kind]: { ...nested, metadata } }), {
        [kind]: { ...nested, metadata: { lang: 'de', ...mark } },
      });
    });
  }

  it('is told only to those who name exactly this extension', () => {
    assert.deepEqual(streamExtensions({ extensions: ['urn:x', streamCursorUri] }), [streamCursorUri]);
    for (const extensions of [[], ['urn:x'], [`${streamCursorUri}.1`], [streamCursorUri.toUpperCase()]]) {
      assert.equal(asksForCursors({ extensions }), false);
    }
    assert.equal(asksForCursors({}), false);
  });
});
