import type { AgentCard } from '@colloquy/protocol';

/** The card of an agent at this address. */
export function cardAt(url: string, streaming: boolean): AgentCard {
  return {
    name: 'Misbehaving',
    description: 'Does something else.',
    version: '1.0.0',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { streaming },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  };
}
