/** Guarantee: no word that has a standard word stands in sources, documents or texts of the command line. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forbiddenWords } from './forbidden-words.ts';
import { findWords, wordPatterns } from './find-words.ts';
import { readSources } from './source-tree.ts';

const source = 'packages/server/src/a.ts';

function namesIn(text: string, file = source): readonly string[] {
  return findWords(new Map([[file, text]])).map(({ word: { name } }) => name);
}

/** For each word, text in which it stands exactly once. */
const planted: readonly (readonly [name: string, ...texts: string[]])[] = [
  ['stranger', 'A stranger asks.', 'oldStranger()', 'strangersAllowed'],
  ['visit', 'request.visit', 'class OldVisit', 'the open visits'],
  ['sighting', 'interface OneSighting', 'the newest sighting'],
  ['set aside', 'credits are set aside', 'sets the credits aside'],
  ['pay back', 'what is paid back', 'pays back'],
  ['whoever', 'Whoever asks'],
  ['whom', 'for whom it works'],
  ['nobody', 'nobody waits', 'saysNobody(answer)'],
  ['somebody', 'Somebody asks'],
  ['look at', 'it is looked at again', 'lookedAtMs', 'looks at the row'],
  ['look', 'the next look', 'oldLooks()', 'oldLookMs', 'lookSoon()', 'await look()'],
  ['terms', 'the terms of results', 'interface OldTerms', 'termsOfRow(row)'],
  ['given up', 'tasks that were given up', 'gives up'],
  ['stand still', 'an agent that stands still'],
  ['dispatch', 'class DispatchQueue', 'dispatchedAt', 'tasks are dispatched'],
  ['chain of agents', 'a chain of agents', 'fallbackChain', "the agent's chain"],
  ['tries', 'class OldTries', 'oldTries()', 'triesAllowed', 'after 3 tries'],
  ['hint', 'interface OldHint', 'a lost hint', 'oldHint()'],
  ['telling', 'isTelling', 'the telling of deliveries'],
  ['wish', 'as it wished', 'OldWish'],
  ['turn', 'class OldTurns', 'they take turns', 'nextTurn()'],
  ['stop (suspend)', 'oldStopWatch()', 'interface OldStopTarget', 'set-stop'],
  ['standing', 'oldStandingWatch()', 'standingOfRow(row)', 'standings of callers'],
  ['letter', 'letterOfRow(row)', 'OldLetter', 'the letter waits'],
  ['kept answers', 'oldKeptAnswers()', 'kept-answers'],
  ['slot map', 'new SlotMap()', 'slot-list'],
];

describe('the words we write', () => {
  it('are the standard ones', () => {
    const places = findWords(readSources(wordPatterns)).map(
      ({ file, line, text }) => `${file}:${line}: ${text.trim()}`,
    );
    assert.deepEqual(places, []);
  });
});

describe('the check of words', () => {
  it('finds every word in prose and in identifiers', () => {
    for (const [name, ...texts] of planted)
      for (const text of texts) assert.deepEqual(namesIn(text), [name], `${name}: ${text}`);
    assert.deepEqual(
      planted.map(([name]) => name),
      forbiddenWords.map(({ name }) => name),
    );
  });

  it('leaves words alone that only look alike, and names that are stored or sent', () => {
    const fine = [
      'retries, entries, registries and queries',
      'it retries; a worker tries again',
      'return value; onReturn(); afterReturn',
      'retryAfterMs, nodeDeadAfterMs and termination',
      'the lookup of a row; lookupFor(name); look it up',
      'COLLOQUY_STRANGER_REQUESTS_PER_SECOND',
      'select next_look_at from colloquy.endpoint_looks',
      `'result-terms.set'`,
      'lower-case letters, a letter or digit, a dead letter, deadLetters, DeadLetterStore',
      'outstanding requests; a long-standing connection; notwithstanding; understanding',
      'token_type_hint',
      'undici.Dispatcher',
      'a delegation chain; the hash chain; a chain of certificates',
      'revisited',
    ];
    for (const text of fine) assert.deepEqual(namesIn(text), [], text);
  });

  it('reads the names of files as identifiers, and quotes in decision records not at all', () => {
    assert.deepEqual(namesIn('', 'packages/server/src/assembly/stop-watch.ts'), ['stop (suspend)']);
    assert.deepEqual(namesIn('`SlotMap` was\n> a stranger\n', 'docs/decisions/0001-a.md'), []);
    assert.deepEqual(namesIn('a stranger', 'docs/decisions/0001-a.md'), ['stranger']);
  });

  it("leaves out the glossary's column of words to avoid, and nothing else of the glossary", () => {
    assert.deepEqual(namesIn('| **client** | A program | stranger |\n', 'docs/glossary.md'), []);
    assert.deepEqual(namesIn('| **client** | A stranger | program |\n', 'docs/glossary.md'), ['stranger']);
  });
});
