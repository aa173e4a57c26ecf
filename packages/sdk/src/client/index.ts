/** Call agents through Colloquy, and run its tenants. */
export { createAgentClient, createClient } from './create-client.ts';
export type { Delegation } from '../delegation.ts';
export type { ClientSurroundings, ColloquyClient, CreateClientOptions } from './create-client.ts';
export type { ClientCredentials, IssuedToken, KeyCredentials } from './token-source.ts';
export type { AgentClient, Cancelable, StreamOptions } from './agent-client.ts';
export type { MessageInput, SendOptions } from './message-input.ts';
export type { TaskStream } from './task-stream.ts';
export type { AdminClient } from './admin-client.ts';
export type { AgentAdmin, AgentRegistration, AgentSearch, AgentSkill } from './agent-admin.ts';
export type { PageRequest } from './admin-requests.ts';
export type { KeyAdmin, SigningKeyState } from './key-admin.ts';
export type { SecretAdmin, SecretKeyState, SecretRotation } from './secret-admin.ts';
export type { AgentRouting, RoutingAdmin, SkillRouting } from './routing-admin.ts';
export type {
  AgentCertificate,
  AgentCertificates,
  CertificateAdmin,
  CheckedCertificate,
  ListenerCertificate,
  SeenCertificate,
} from './certificate-admin.ts';
export type { PasswordLink, PeopleAdmin, Person, SignInClient } from './people-admin.ts';
export type { Grant, GrantAdmin, RoleAssignment, Stop, StopAdmin, StopTarget } from './permission-admin.ts';
export type { EgressAdmin, EgressAllowance } from './egress-admin.ts';
export type { ClientAdmin, NewClient, NewKeyClient } from './client-admin.ts';
export type { AddedClientSecret, ClientAuthority, ClientSecret } from './client-answers.ts';
export type { CardAdmin, CardKeyAdmin, CardPolicyAdmin, CardUpdate } from './card-admin.ts';
export type { ResilienceAdmin, ResiliencePolicy, ResilienceSubject, ResilienceTerms } from './resilience-admin.ts';
export type { ResultAdmin, ResultSubject, ResultTerms, SetResultTerms } from './result-admin.ts';
export type { Limit, LimitAdmin, LimitSubject, LimitTerms } from './limit-admin.ts';
export type {
  CardChange,
  CardDiff,
  CardPolicy,
  CardSignature,
  CardVersion,
  ComparedCards,
  OriginalCard,
  TrustedCardKey,
  UpdatedCard,
} from './card-answers.ts';
export type {
  AuditEntry,
  CreatedOAuthClient,
  CreditBalance,
  Delivery,
  InspectedEvent,
  InspectedTask,
  TaskChain,
  LedgerEntry,
  OAuthClient,
  Page,
  RegisteredAgent,
  Tenant,
} from './admin-answers.ts';
export type { ApiKeyAdmin, IssuerAdmin, NewApiKey } from './identity-admin.ts';
export type { ApiKey, CreatedApiKey, ExternalIssuer, IssuerTerms } from './identity-answers.ts';
export type { DeadLetter, DeadLetterAdmin, ReplayedDeadLetter } from './dead-letter-admin.ts';
export { ColloquyError } from './colloquy-error.ts';
export type { ColloquyErrorFacts, ErrorKind, Retry, Violation } from './colloquy-error.ts';
export { platformErrors } from './error-codes.ts';
export type { ErrorCode, PlatformErrorCode, PlatformErrorRow, SdkErrorCode } from './error-codes.ts';
export type { Backoff } from './backoff.ts';
export type { Fetch } from './http-call.ts';
export type {
  AuditAdmin,
  AuditCheckpointItem,
  AuditExportPage,
  AuditKey,
  AuditProof,
  AuditPruning,
  AuditRetention,
  AuditSearchRequest,
  SealedAuditEntry,
} from './audit-admin.ts';
export type { DelegationAdmin } from './delegation-admin.ts';
export type {
  AgentSlaObjective,
  SetSlaObjective,
  SlaAdmin,
  SlaBudget,
  SlaChange,
  SlaObjective,
  SlaObjectives,
  SlaReport,
  SlaSubject,
  SlaVerdict,
  TierSlaObjective,
} from './sla-admin.ts';
export { auditHashes, verifyAudit } from './verify-audit.ts';
export type { AuditDamage, AuditEvidence, AuditFinding, AuditVerdict } from './verify-audit.ts';
export type {
  AgentHealth,
  Instance,
  InstanceAdmin,
  InstanceDependency,
  InstanceEvent,
  InstanceHealth,
  InstanceLease,
  InstancePlace,
  InstanceReport,
  InstanceTerms,
  ProbePolicy,
} from './instance-admin.ts';
