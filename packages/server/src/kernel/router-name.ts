/**
 * The name of the router where an agent's name is expected. No agent can be registered by it, because names of agents begin with a letter
 * or a digit. The `tenant` field of gRPC names the router as it names an agent.
 */
export const routerName = '~router';
