/**
 * An agent to rehearse trouble with: it fails the first time it hears a text with the word "fail" in it and does the work when
 * it hears that text again; every third call takes a while.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { text } from '@colloquy/sdk/agent';
import { runAgent } from './run-agent.ts';

const slowMs = 700;
const textsMax = 10_000;
const failedBefore = new Set<string>();
let calls = 0;

await runAgent({
  card: {
    name: 'Flaky',
    description: 'Fails the first time, and is slow now and then.',
    skills: [{ id: 'try', name: 'Try', description: 'Does the work, or not.', tags: ['trouble'] }],
  },
  async handle(message, task) {
    const said = text(message);
    calls += 1;
    if (calls % 3 === 0) await delay(slowMs, undefined, { signal: task.signal });
    if (!said.includes('fail') || failedBefore.has(said)) return task.complete(`Done: ${said}`);
    if (failedBefore.size >= textsMax) failedBefore.clear();
    failedBefore.add(said);
    return task.fail('This did not work; try again.');
  },
});
