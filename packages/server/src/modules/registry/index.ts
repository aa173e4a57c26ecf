export type {
  CardVisibility,
  CredentialKind,
  NewAgent,
  PublishedCard,
  RegisteredAgent,
  SealedCredential,
} from './agent.ts';
export { agentHealths, agentStatuses, agentTiers } from './agent-profile.ts';
export type { AgentHealth, AgentProfile, AgentSkill, AgentStatus, AgentTier } from './agent-profile.ts';
export type { AgentSearch, FoundAgent } from './agent-search.ts';
export type { AgentSearchStore, SearchPage } from './agent-search-store.ts';
export { searchAgents } from './search-agents.ts';
export { SearchCache } from './search-cache.ts';
export type { AgentPage, AgentStore } from './agent-store.ts';
export { spokenInterface, spokenInterfaces } from './agent-wire.ts';
export type { AgentWire, ChosenInterface } from './agent-wire.ts';
export type { CardChange, CardDiff } from './card-diff.ts';
export type { CardSigner } from './card-signer.ts';
export type { CardSource, PublishedDocument, UpstreamAddressPolicy } from './card-source.ts';
export type { CardDecision, CardStore, StoredSignatures, NextCard, PlacedInterface } from './card-store.ts';
export type { CardInUse, CardSignatureState, CardVersion, StoredCard } from './card-version.ts';
export { decideCard } from './decide-card.ts';
export { deregisterAgent } from './deregister-agent.ts';
export { checkCertificate, listCertificates, pinKeys } from './endpoint-certificates.ts';
export type { EndpointCertificateStore, EndpointPage, EndpointProber } from './endpoint-certificate-store.ts';
export { enterpriseExtensionUri, enterpriseParamsOf } from './enterprise-extension.ts';
export type { SchemaJudge } from './schema-judge.ts';
export { showsPinnedKey } from './endpoint-certificate.ts';
export type {
  AgentCertificate,
  CertificateWarning,
  CheckedEndpoint,
  EndpointCertificate,
} from './endpoint-certificate.ts';
export { findPublicCard, getCard, isTenantsCard } from './get-card.ts';
export type { CardPorts } from './get-card.ts';
export { getExtendedCard } from './get-extended-card.ts';
export { listSkills } from './list-skills.ts';
export { getAgent, listAgents } from './list-agents.ts';
export { costUri, urgencyUri, isOwnExtension, resultCacheUri, skillUri, streamCursorUri } from './own-extensions.ts';
export { compareCards, listCardVersions, readOriginalCard } from './read-card-versions.ts';
export { registerRecord } from './register-record.ts';
export type { AgentRecord } from './register-record.ts';
export { registerAgent } from './register-agent.ts';
export type { RegisterAgentInput } from './register-agent.ts';
export { getRouterCard } from './router-card.ts';
export type { RouterCardPorts } from './router-card.ts';
export type { ServedCard } from './served-card.ts';
export { ServedCards } from './served-cards.ts';
export { agentUrlOf } from './served-interfaces.ts';
export { rollBackCard } from './roll-back-card.ts';
export { updateCard } from './update-card.ts';
export { credentialOriginOf, unsealCredential } from './upstream-credential.ts';
export type { CredentialPlace } from './upstream-credential.ts';
export { checkEndpoints } from './endpoint-checks.ts';
export type {
  CertificateCounts,
  DueCheck,
  EndpointCheckPorts,
  EndpointCheckStore,
  SettledCheck,
} from './endpoint-checks.ts';
