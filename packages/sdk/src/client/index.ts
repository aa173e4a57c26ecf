/** Call agents through Colloquy, and run its tenants. */
/// <reference types="node" preserve="true" />
import '../node-version.ts';

export { createAgentClient, createClient } from './create-client.ts';
export type { Delegation } from '../delegation.ts';
export type { ClientSurroundings, ColloquyClient, CreateClientOptions } from './create-client.ts';
export type { ClientCredentials, IssuedToken, KeyCredentials } from './token-source.ts';
export type { AgentClient, Cancelable, StreamOptions } from './agent-client.ts';
export type { MessageInput, SendOptions } from './message-input.ts';
export { taskCost } from './task-cost.ts';
export type { CostOption, TaskCost } from './task-cost.ts';
export type { TaskStream } from './task-stream.ts';
export type {
  AdminClient,
  CallArguments,
  CsvOperationId,
  OperationAnswer,
  OperationArguments,
  OperationId,
  OperationMethod,
} from './admin-client.ts';
export type { StreamedEvent } from './operation-call.ts';
export { items, pages } from './pages.ts';
export type { ListMethod, PageArguments } from './pages.ts';
export type {
  Agent,
  AgentCertificate,
  AgentHealth,
  AgentRegistration,
  AgentRouting,
  AgentSearch,
  ApiKey,
  AuditCheckpoint,
  AuditEntry,
  AuditKey,
  AuditRetention,
  CachePolicy,
  CardDiff,
  CardPolicy,
  CardSignature,
  CardVersion,
  CheckedCertificate,
  CreditBalance,
  DeadLetter,
  Delivery,
  ExternalIssuer,
  InspectedTask,
  Instance,
  InstanceEvent,
  InstanceHealth,
  InstanceReport,
  IssuerSettings,
  LedgerEntry,
  LimitSettings,
  NewClient,
  OAuthClient,
  Person,
  ProbePolicy,
  ResilienceSettings,
  SealedAuditEntry,
  SecretKeyState,
  Skill,
  SlaBudget,
  SlaObjective,
  SlaReport,
  SlaVerdict,
  TaskSummary,
  Tenant,
} from './admin-types.ts';
export { ColloquyError } from './colloquy-error.ts';
export type { ColloquyErrorFacts, ErrorKind, Retry, Violation } from './colloquy-error.ts';
export { platformErrors } from './error-codes.ts';
export type { ErrorCode, PlatformErrorCode, PlatformErrorRow, SdkErrorCode } from './error-codes.ts';
export type { Backoff } from './backoff.ts';
export type { Fetch } from './http-call.ts';
export { auditHashes, verifyAudit } from './verify-audit.ts';
export type { AuditDamage, AuditEvidence, AuditFinding, AuditVerdict } from './verify-audit.ts';
