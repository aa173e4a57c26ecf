import { agentOfTask, agentOption } from '../agent-of-task.ts';
import type { Command } from '../command.ts';
import { taskText } from '../output/task-text.ts';

export const taskCancel: Command = {
  name: 'task cancel',
  summary: 'Ask an agent to stop work on a task',
  positionals: ['<id>'],
  options: agentOption,
  connects: true,
  examples: [],
  async run(invocation) {
    const { args, output, signal } = invocation;
    const id = args.positional(0);
    const agent = await agentOfTask(invocation, id);
    const task = await agent.cancelTask(id, { signal });
    output.print(task, taskText(task, output.paint));
  },
};
