export type {
  CardVisibility,
  CredentialKind,
  NewAgent,
  PublishedCard,
  RegisteredAgent,
  SealedCredential,
} from './agent.ts';
export type { AgentWire } from './agent-wire.ts';
export type { AgentStore } from './agent-store.ts';
export type { CardSource, UpstreamAddressPolicy } from './card-source.ts';
export { deregisterAgent } from './deregister-agent.ts';
export { getAgent } from './get-agent.ts';
export { findPublicCard, getCard } from './get-card.ts';
export type { CardPorts } from './get-card.ts';
export { listAgents } from './list-agents.ts';
export { registerAgent } from './register-agent.ts';
export type { RegisterAgentInput, RegistrationPorts } from './register-agent.ts';
export type { SecretBox } from './secret-box.ts';
export { agentUrlOf } from './served-card.ts';
export type { ServedCard } from './served-card.ts';
export { unsealCredential } from './upstream-credential.ts';
export type { CredentialPlace } from './upstream-credential.ts';
