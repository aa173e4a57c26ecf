import type { Task } from '@colloquy/protocol';
import { ColloquyError } from '@colloquy/sdk/client';
import { agentOfTask, agentOption } from '../agent-of-task.ts';
import type { Command } from '../command.ts';
import { StreamWriter } from '../output/stream-writer.ts';
import { badEnds, statusOf } from './send.ts';

export const taskWatch: Command = {
  name: 'task watch',
  summary: 'Show a task and what happens to it until it ends',
  positionals: ['<id>'],
  options: agentOption,
  connects: true,
  details: 'With --json, prints one value a line, each an A2A StreamResponse.',
  examples: [],
  async run(invocation) {
    const { args, output, signal } = invocation;
    const id = args.positional(0);
    const agent = await agentOfTask(invocation, id);
    const writer = new StreamWriter(output);
    let last: Pick<Task, 'status'> | undefined;
    try {
      for await (const event of agent.subscribe(id, { signal })) {
        writer.take(event);
        last = event.task ?? event.statusUpdate ?? last;
      }
    } catch (error) {
      if (!(error instanceof ColloquyError) || error.kind !== 'precondition') throw error;
      const task = await agent.getTask(id, { signal });
      if (!hasEnded(task)) throw error;
      writer.take({ task });
      last = task;
    }
    writer.end();
    return statusOf(last);
  },
};

function hasEnded({ status }: Task): boolean {
  return status.state === 'TASK_STATE_COMPLETED' || badEnds.includes(status.state);
}
