/** Guarantee: a word that has a standard word is counted wherever it stands, and there are never more of them than before. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { forbiddenWords } from './forbidden-words.ts';
import { readSources, repositoryRoot } from './source-tree.ts';
import { areaOf, countWords, findWords, grownSince, wordPatterns, wordsThatGrew } from './word-counts.ts';
import type { WordCounts } from './word-counts.ts';

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
  it('are no more forbidden ones than the baseline has, in any part of the repository', () => {
    const file = path.join(repositoryRoot, 'tools/english-words.baseline.json');
    const baseline = JSON.parse(readFileSync(file, 'utf8')) as WordCounts;
    assert.deepEqual(grownSince(baseline, countWords(findWords(readSources(wordPatterns)))), []);
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

  it('lets a word move, but refuses one more', () => {
    const baseline: WordCounts = { wish: { bench: 2, docs: 1 } };
    assert.deepEqual(grownSince(baseline, { wish: { bench: 2 } }), []);
    assert.equal(grownSince(baseline, { wish: { bench: 1, docs: 2 } }).length, 1);
    assert.deepEqual(wordsThatGrew(baseline, { wish: { bench: 1, docs: 2 } }), []);
    assert.deepEqual(wordsThatGrew(baseline, { wish: { bench: 3, docs: 1 } }), ['wish']);
    assert.deepEqual(wordsThatGrew(baseline, { whom: { docs: 1 } }), ['whom']);
  });

  it('counts bench and suites as one area, and each package as its own', () => {
    const areas = ['bench/a.ts', 'suites/a.ts', 'packages/sdk/src/a.ts', 'packages/server/test/a.ts', 'README.md'];
    assert.deepEqual(areas.map(areaOf), [
      'bench and suites',
      'bench and suites',
      'packages/sdk',
      'packages/server/test',
      'root',
    ]);
  });
});
