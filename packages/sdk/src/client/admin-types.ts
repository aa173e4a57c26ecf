import type { OperationAnswer, OperationArguments, OperationId } from './admin-client.ts';
import type { components } from './operations.gen.ts';

/**
 * Names of the things that the admin API gives and takes. Those that have no name here are `OperationAnswer<'…'>` and
 * `OperationArguments<'…'>`, by the name of an operation.
 */
type Schemas = components['schemas'];
type Body<Id extends OperationId> = OperationArguments<Id> extends { readonly body: infer Given } ? Given : never;
type Item<Id extends OperationId> =
  OperationAnswer<Id> extends { readonly items: readonly (infer One)[] } ? One : never;

/** A tenant. */
export type Tenant = Schemas['Tenant'];
/** An OAuth client of a tenant. */
export type OAuthClient = Schemas['Client'];
/** An OAuth client to create. */
export type NewClient = Body<'createClient'>;
/** An agent as its tenant sees it. */
export type Agent = Schemas['Agent'];
/** An agent to register, by its card's address or by the card itself. */
export type AgentRegistration = Schemas['AgentRegistration'];
/** What to find agents by. */
export type AgentSearch = OperationArguments<'searchAgents'>;
/** A skill of an agent. */
export type Skill = Schemas['Skill'];
/** What is known of the signatures of a card. */
export type CardSignature = Schemas['CardSignature'];
/** One card of an agent, in short. */
export type CardVersion = Schemas['CardVersion'];
/** The differences between two cards. */
export type CardDiff = Schemas['CardDiff'];
/** What a tenant demands of cards. */
export type CardPolicy = Schemas['CardPolicy'];
/** A tenant's wallet, in microcredits: granted + overage = available + reserved + used + expired. */
export type CreditBalance = Schemas['CreditBalance'];
/** One movement of credits. */
export type LedgerEntry = Schemas['LedgerEntry'];
/** One audit entry. */
export type AuditEntry = Schemas['AuditEntry'];
/** A sealed audit entry with its place in the tenant's hash chain. */
export type SealedAuditEntry = Schemas['SealedAuditEntry'];
/** What was signed about a tenant's hash chain at a moment. */
export type AuditCheckpoint = Item<'listAuditCheckpoints'>;
/** The public key that signs checkpoints, as a JWK (RFC 8037). */
export type AuditKey = Pick<OperationAnswer<'readAuditKey'>, 'kty' | 'crv' | 'x' | 'kid'>;
/** How long a tenant keeps its audit entries. */
export type AuditRetention = OperationAnswer<'readAuditRetention'>;
/** One notification to a receiver of push notifications, and its attempts. */
export type Delivery = Schemas['Delivery'];
/** A task of a list: its state, caller and cost. */
export type TaskSummary = Schemas['TaskSummary'];
/** A task as the platform sees it. */
export type InspectedTask = Schemas['InspectedTask'];
/** A dead-lettered task, without its content. */
export type DeadLetter = Item<'listDeadLetters'>;
/** An instance of an agent. */
export type Instance = OperationAnswer<'getInstance'>;
/** The health of an instance. */
export type InstanceHealth = Instance['health'];
/** What happened to an instance. */
export type InstanceEvent = Item<'listInstanceEvents'>;
/** What an instance reports of itself with a heartbeat. */
export type InstanceReport = Body<'renewInstance'>;
/** The health of an agent and of each of its instances. */
export type AgentHealth = OperationAnswer<'getAgentHealth'>;
/** How the instances of an agent are probed. */
export type ProbePolicy = Body<'setProbePolicy'>;
/** How sends find an instance of an agent. */
export type AgentRouting = OperationAnswer<'readRouting'>;
/** Timeouts, concurrency limits and fallback agents of an agent or of one skill. */
export type ResilienceSettings = Body<'setResiliencePolicy'>;
/** Which callers share cached results of a skill, at which price, and for how long. */
export type CachePolicy = Body<'setResultTerms'>;
/** Rate limits and quotas of a tenant, a client or an agent. */
export type LimitSettings = Body<'setAgentLimit'>;
/** An API key without its text. */
export type ApiKey = Item<'listApiKeys'>;
/** An external issuer of access tokens. */
export type ExternalIssuer = Item<'listIssuers'>;
/** What the tokens of an external issuer mean. */
export type IssuerSettings = Body<'changeIssuer'>;
/** A person of a tenant. */
export type Person = Item<'listPeople'>;
/** An endpoint of an agent: the certificate that it has shown last, and its pinned keys. */
export type AgentCertificate = Item<'listCertificates'>;
/** An endpoint of an agent with the outcome of a check. */
export type CheckedCertificate = OperationAnswer<'checkCertificate'>['endpoints'][number];
/** The state of the keys that seal secrets, and of their rotation. */
export type SecretKeyState = OperationAnswer<'showSecretKeys'>;
/** What is promised of the tasks of an agent or of a tier. */
export type SlaObjective = Body<'setAgentObjective'>;
/** How well a month kept its objectives. */
export type SlaReport = OperationAnswer<'readSlaReport'>;
/** How well the tasks of an agent, a tier or the tenant kept their objectives. */
export type SlaVerdict = SlaReport['total'];
/** How well one half of an objective was kept. */
export type SlaBudget = SlaVerdict['availability'];
