import type { Message } from '@colloquy/protocol';
import type { AgentAddress } from '../ports.ts';
import { skillIdOf } from './skill-id-of.ts';

/**
 * The address together with the skill that a message says it is for. A2A has no member for that, so it stands in the message's metadata,
 * which goes on to the agent as it is: what was allowed is what the agent is asked.
 */
export function withSkill(address: AgentAddress, message: Message): AgentAddress & { readonly skillId: string | null } {
  return { ...address, skillId: skillIdOf(message) };
}
