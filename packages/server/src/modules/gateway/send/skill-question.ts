import type { Message } from '@colloquy/protocol';
import { limits } from '../../../kernel/limits.ts';
import { skillUri } from '../../registry/index.ts';
import type { SkillQuestion } from '../../routing/index.ts';
import { withSkill } from './named-skill.ts';
import type { AgentAddress } from '../ports.ts';

/** What a message asks of the router: the skill that it names, its structured data, and its words. */
export function skillQuestion(address: AgentAddress, message: Message): SkillQuestion {
  const { parts } = message;
  return {
    skillId: withSkill(address, message).skillId,
    data: parts.flatMap(({ data }) => (data === undefined ? [] : [data])),
    text: parts
      .flatMap(({ text }) => text ?? [])
      .join('\n')
      .slice(0, limits.routerTextChars),
  };
}

/** The names of the members of the first data part that is an object; none of one that has too many. */
export function membersOf({ data }: SkillQuestion): readonly string[] {
  const first = data.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  const names = first === undefined || first === null ? [] : Object.keys(first);
  return names.length > limits.routerMembersMax ? [] : names;
}

/** The message, for this skill: what is allowed is what the agent is asked. */
export function forSkill(message: Message, skillId: string): Message {
  return { ...message, metadata: { ...message.metadata, [skillUri]: { id: skillId } } };
}
