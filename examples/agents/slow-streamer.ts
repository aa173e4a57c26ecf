/**
 * An agent that thinks aloud: it says a number of words, one after the other, and appends each to one artifact. A number in
 * the message says how many (default 8, at most 1000); `WORD_DELAY_MS` how long each takes (default 150).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { text } from '@colloquy/sdk/agent';
import { runAgent } from './run-agent.ts';

const wordDelayMs = Number(process.env['WORD_DELAY_MS'] ?? 150);
const wordsMax = 1_000;
const vocabulary = ['every', 'word', 'is', 'written', 'down', 'before', 'anyone', 'sees', 'it'];

await runAgent({
  card: {
    name: 'Slow streamer',
    description: 'Says some words slowly.',
    skills: [{ id: 'say', name: 'Say', description: 'Says as many words as asked for.', tags: ['text', 'stream'] }],
  },
  idempotent: true,
  async handle(message, task) {
    const wanted = Math.min(Number(/\d+/.exec(text(message))?.[0] ?? 8), wordsMax);
    await task.working(`Saying ${wanted} words.`);
    for (let said = 0; said < wanted; said += 1) {
      await delay(wordDelayMs, undefined, { signal: task.signal });
      const word = vocabulary[said % vocabulary.length] ?? '';
      const lastChunk = said === wanted - 1;
      await task.artifact({
        id: 'words',
        name: 'Words',
        parts: lastChunk ? word : `${word} `,
        append: said > 0,
        lastChunk,
      });
    }
    await task.complete(`Said ${wanted} words.`);
  },
});
