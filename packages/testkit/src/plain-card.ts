import type { AgentCard } from '@colloquy/protocol';

/** A card that says no more than a card has to. */
export const plainCard = (name: string, description = ''): AgentCard => ({
  name,
  description,
  version: '1',
  supportedInterfaces: [],
  capabilities: {},
  defaultInputModes: [],
  defaultOutputModes: [],
  skills: [],
});
