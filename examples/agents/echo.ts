/** An agent that gives back what it is told, as an artifact. Telling it the same message twice changes nothing. */
import { text } from '@colloquy/sdk/agent';
import { runAgent } from './run-agent.ts';

await runAgent({
  card: {
    name: 'Echo',
    description: 'Gives back what it is told.',
    skills: [{ id: 'echo', name: 'Echo', description: 'Gives back a text.', tags: ['text'], examples: ['hello'] }],
  },
  idempotent: true,
  async handle(message, task) {
    await task.artifact({ id: 'echo', name: 'Echo', parts: text(message) });
    await task.complete();
  },
});
