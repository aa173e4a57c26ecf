/** An agent that answers with the text of the message, as an artifact. Sending the same message twice changes nothing. */
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
