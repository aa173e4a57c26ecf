import type { Message } from '@colloquy/protocol';
import { skillUri } from '../registry/index.ts';
import type { AgentAddress } from './ports.ts';

/**
 * The address together with the skill that a message says it is for. A2A has no member for that, so it stands in the message's metadata,
 * which goes on to the agent as it is: what was allowed is what the agent is asked.
 */
export function withSkill(
  address: AgentAddress,
  { metadata }: Message,
): AgentAddress & { readonly skillId: string | null } {
  const named: unknown = metadata?.[skillUri];
  const id: unknown = typeof named === 'object' && named !== null && 'id' in named ? named.id : null;
  return { ...address, skillId: typeof id === 'string' ? id : null };
}
