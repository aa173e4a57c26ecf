/** The A2A 1.0 card of an agent in this folder. */
export function agentCard(options: { name: string; url: string; streaming: boolean }): object {
  const { name, url, streaming } = options;
  return {
    name,
    description: 'Repeats what it is told.',
    version: '1.0.0',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { streaming },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [{ id: 'echo', name: 'Echo', description: 'Repeats the text of a message.', tags: ['echo'] }],
  };
}

export const echoCard = (url: string): object => agentCard({ name: 'Echo', url, streaming: false });
