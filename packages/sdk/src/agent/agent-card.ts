import type { AgentCapabilities, AgentCard, AgentSkill } from '@colloquy/protocol';

/** The parts of the card that the author writes; the server fills in the rest. */
export interface CardInput extends Omit<
  Partial<AgentCard>,
  'name' | 'description' | 'skills' | 'supportedInterfaces' | 'capabilities'
> {
  readonly name: string;
  readonly description: string;
  readonly skills?: readonly SkillInput[];
  readonly capabilities?: Pick<AgentCapabilities, 'extensions'>;
}

/** A skill; `name`, `description` and `tags` follow from the id and the agent where they are left out. */
export interface SkillInput extends Omit<Partial<AgentSkill>, 'id'> {
  readonly id: string;
}

/** The whole card of an agent that is served at `url`. */
export function completeCard(input: CardInput, url: string): AgentCard {
  const { skills, capabilities, ...rest } = input;
  return {
    version: '1.0.0',
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    ...rest,
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { ...capabilities, streaming: true, pushNotifications: false },
    skills: (skills ?? [{ id: input.name }]).map((skill) => ({
      name: skill.id,
      description: input.description,
      tags: [skill.id],
      ...skill,
    })),
  };
}
