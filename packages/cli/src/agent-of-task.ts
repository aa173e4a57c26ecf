import type { AgentClient } from '@colloquy/sdk/client';
import type { OptionSpecs } from './command-shape.ts';
import type { Invocation } from './command.ts';

/** The option of commands that reach a task through its agent. */
export const agentOption: OptionSpecs = {
  agent: { type: 'string', value: 'name', description: 'Agent of the task; asked of the platform when left out' },
};

/** The agent of a task: as told, else as the platform knows it, which needs the scope tasks:inspect. */
export async function agentOfTask({ args, client }: Invocation, taskId: string): Promise<AgentClient> {
  const named = args.text('agent');
  if (named !== undefined) return client().agent(named);
  const { agent } = await client().admin.inspectTask({ task: taskId });
  return client().agent(agent);
}
