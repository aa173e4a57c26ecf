/**
 * Stands for the router where the name of an agent stands. No agent can have it, because names of agents begin with a letter or a digit; so
 * the router is nobody's registration, and a tag of gRPC names it as it names an agent.
 */
export const routerName = '~router';
