import { dispatchLimits } from './dispatch-limits.ts';
import { instanceLimits } from './instance-limits.ts';
import { leaseLimits } from './lease-limits.ts';
import { leaveLimits } from './leave-limits.ts';
import { routingLimits } from './routing-limits.ts';
import { resilienceLimits } from './resilience-limits.ts';
import { registryLimits } from './registry-limits.ts';
import { requestLimits } from './request-limits.ts';
import { resultLimits } from './result-limits.ts';
import { slaLimits } from './sla-limits.ts';

/** Every bound of the platform in one place. A name ends in its unit; the comment says what happens at the bound. */
export const limits = {
  ...dispatchLimits,
  ...instanceLimits,
  ...routingLimits,
  ...resilienceLimits,
  ...requestLimits,
  /**
   * Connections that the kernel keeps at one socket until they are accepted, as far as it allows so many; above it a client tries again after seconds.
   * All streams of a process that is gone come at once.
   */
  connectionsWaitingMax: 4_096,
  /** Sockets that listen at the address of one process: so many connections are accepted in a turn of its event loop. */
  acceptors: 16,
  /** Certificate files are read this often, so that new ones are in use without a restart. */
  certificateLookMs: 5_000,
  /** Larger certificate files are refused. */
  certificateFileBytesMax: 1024 * 1024,
  /** Keys that one agent's endpoint may be pinned to; more are refused. */
  pinnedKeysMax: 8,
  /** A certificate that ends within this time is warned of. */
  certificateWarningMs: 21 * 24 * 60 * 60_000,
  /** And again after this time, until it is renewed. */
  certificateWarningEveryMs: 24 * 60 * 60_000,
  /** The certificates of agents' endpoints are looked at this often, */
  endpointLookMs: 12 * 60 * 60_000,
  /** and so soon again while there is something wrong with one, or its endpoint is not reached; then ever more rarely. */
  endpointLookSoonMs: 60 * 60_000,
  /** A worker asks this often which agents are due for a look, and takes so many at once. */
  endpointLooksEveryMs: 5_000,
  endpointLooksMax: 16,
  /** Endpoints of theirs, or of an agent that somebody asks about, that are looked at at once; more wait. */
  endpointProbesAtOnceMax: 64,
  /** With more of them due it rests for so long: those of 100,000 agents that came together take half an hour of two workers, and callers do not notice. */
  endpointLooksRestMs: 500,
  /** Looks are another worker's after this time; longer than it takes when each agent has `agentInstancesMax` endpoints and all are away. */
  endpointLookClaimMs: 180_000,
  /** An idle connection is closed after this time; longer than the idle time of common load balancers. */
  keepAliveMs: 65_000,
  /** Longer access tokens are refused as unauthenticated. */
  tokenBytesMax: 8 * 1024,
  /** Difference of clocks that a token's times may show. */
  tokenLeewayMs: 60_000,
  /** Longer DPoP proofs are refused as invalid. */
  proofBytesMax: 4 * 1024,
  /** Longer ids (`jti`) of proofs are refused as invalid. */
  proofIdCharsMax: 256,
  /** A proof passes when its time differs by no more than this from ours. */
  proofMs: 60_000,
  /** A nonce for proofs is the current one for this long, and is accepted for that long again and again up to the second number. */
  proofNonceStepMs: 60_000,
  proofNonceMs: 5 * 60_000,
  /** Keys of proofs that one process keeps ready for use; the oldest leaves first. */
  proofKeysMax: 10_000,
  /** Proofs whose first use waits to be recorded; above it 503. */
  spentProofsWaitingMax: 20_000,
  /** Longest life of a client's assertion (RFC 7523); a longer one is refused. */
  clientAssertionMs: 60_000,
  /** Difference of clocks that an assertion's times may show. */
  clientAssertionLeewayMs: 10_000,
  /** Secrets of one client that live at once; a further one is refused until one is revoked or has ended. */
  clientSecretsMax: 2,
  /** Keys, or certificates, that one client can be registered with. */
  clientKeysMax: 5,
  /** Authorities whose certificates one tenant's clients may present; more are refused until one is removed. */
  clientAuthoritiesMax: 20,
  /** Longest certificate accepted, as PEM text. */
  certificateCharsMax: 16 * 1024,
  /** Age at which a signing key gets a successor. */
  signingKeyMs: 90 * 24 * 60 * 60_000,
  /** A new key is published for this long before it signs: longer than anybody keeps the published keys. */
  signingKeyPublishedMs: 10 * 60_000,
  /** A key that no longer signs is published for this long: longer than anything lives that it signed. */
  signingKeyHeldMs: 30 * 60_000,
  /** Every process reads the signing keys anew this often, also when no hint arrived, so that a dropped key is out within it. */
  signingKeysRefreshMs: 3_500,
  /** A retired key, which nothing needs any more, is forgotten after this time. */
  retiredKeyKeptMs: 24 * 60 * 60_000,
  /** Signing keys are read anew for an unknown key id at most this often. */
  signingKeysReadMs: 1_000,
  /** Failed authentications of one client from one address in a window; above it 429 until the window ends. */
  clientAuthFailuresMax: 10,
  clientAuthFailureWindowMs: 60_000,
  /** Principals, and as many agents and as many failing clients, whose rate one process watches; the oldest leaves first and begins anew. */
  watchedRatesMax: 20_000,
  /** Addresses of strangers that one process watches; the oldest leaves first and begins anew. */
  watchedAddressesMax: 20_000,
  /** Requests a second, and at once, of a tenant, of a principal and to an agent for which nobody set others; above it 429. */
  requestsPerSecondDefault: 10_000,
  burstRequestsDefault: 10_000,
  /** The highest rate and burst that can be set. */
  requestsPerSecondMax: 1_000_000,
  /** The highest quota that can be set: stays an exact number of JSON. */
  quotaSendsMax: 1_000_000_000_000,
  /** Limits that one tenant can set for its clients and agents; more are refused until one is unset. */
  limitsPerTenantMax: 1_000,
  /** Requests a second, and at once, of one address by nobody who is known, unless the configuration says others; above it 429. */
  strangerRequestsPerSecondDefault: 2_000,
  strangerBurstRequestsDefault: 10_000,
  /** Requests of one address by nobody who is known that may be open at the token endpoint; above it 429. */
  strangersInFlightPerAddressMax: 500,
  /** Limits of tenants kept by one process; the oldest leaves first. */
  knownLimitsMax: 10_000,
  /** Limits in use are read anew after this time, also when no hint arrived. */
  limitsRefreshMs: 5_000,
  /** What a process took is told to the others this often, */
  sharesTellMs: 1_000,
  /** or this often while a rate is close to its bound and other processes live. */
  sharesTellSoonMs: 50,
  /** An exchange of shares over Redis that takes longer is given up; what it told is told again. */
  sharesAnswerMs: 1_000,
  /** What the others took is taken for known for this long; after it a process lives by its strict share. */
  sharesKnownMs: 3_000,
  /** Rates told in one statement; the rest follows in the next. */
  sharesPerExchangeMax: 1_000,
  /** Rates of which one process has something to tell, while nobody can be told; the one that was counted first leaves first, untold. */
  sharesUntoldMax: 60_000,
  /** Sends that a process admits against a quota of which it knows nothing yet, or between two answers. */
  quotaShareSendsMin: 32,
  /** A count of sends is forgotten this long after its period began. */
  quotaCountKeptMs: 62 * 24 * 60 * 60_000,
  /** Requests in one shared transaction; the rest wait for the next. */
  batchItemsMax: 64,
  /**
   * Shared transactions of one kind in flight; the next one forms meanwhile. A second one would wait for the wallets of the first, and
   * pay once more what they could have shared.
   */
  batchesInFlightMax: 1,
  /** Shared transactions that record, that end and that append leave in turns; one that takes longer than this is overtaken, and loses its turn. */
  batchAloneMsMax: 8,
  /** Work waiting for a shared transaction; above it 503. */
  batchQueueItemsMax: 20_000,
  /** Verified tokens kept by one process; the oldest leaves first. */
  tokenCacheEntriesMax: 10_000,
  /**
   * A verified token is checked anew after this time, so a revoked client is out within it. A stream that begins on it, one look later: with
   * `standingLookMs` and two reads of 250 ms it is 4,000 ms: a second is left of the five that are promised.
   */
  tokenCacheMs: 2_500,
  /** Who takes longer than this to send a body is looked at again before anything is done for them: their rights may have fallen meanwhile. */
  callerKnownMs: 500,
  /** Standings of credentials in use that are looked up in one statement; more take a further one. */
  standingsPerLookMax: 1_000,
  /** What lives on a credential, such as an open stream, has its standing looked up this often, also when every hint is lost. */
  standingLookMs: 1_000,
  /** Hints that rights changed are obeyed no more often than this. */
  accessNotificationMsMin: 100,
  /** Life of a link that sets a password. */
  passwordLinkMs: 24 * 60 * 60_000,
  /** Shorter passwords are refused; longer ones as well. */
  passwordCharsMin: 12,
  passwordCharsMax: 256,
  /** Password hashes that one process computes at once, 19 MiB each; more wait, and above the second bound 503. */
  passwordHashesAtOnceMax: 2,
  passwordHashesWaitingMax: 64,
  /** Failed sign-ins of one name from one address, or one /64 of IPv6, that are free; each further one doubles the wait before the next. */
  signInFailuresFree: 5,
  /** The same of one name from all addresses, and of all names from one address. */
  signInFailuresFreeTogether: 50,
  signInWaitMsMin: 1_000,
  signInWaitMsMax: 15 * 60_000,
  /** Failures are forgotten this long after the last one. */
  signInFailuresKeptMs: 60 * 60_000,
  /** A person stays signed in, and a client may get tokens for them without them, for this long. */
  sessionMs: 12 * 60 * 60_000,
  /** Time to sign in and consent. */
  interactionMs: 10 * 60_000,
  /** Life of an authorization code. */
  authorizationCodeMs: 60_000,
  /** Bytes of a form that a page of ours sends; more are refused with 413. */
  formBytesMax: 16 * 1024,
  /** Actors between a principal and whoever acts for it in the end; a further one is refused. */
  delegationActorsMax: 4,
  /** Hops below a chain's first task; one more is refused. */
  delegationDepthMax: 4,
  /** A task that has ended can be named as the origin of others for this long; later it is refused. */
  delegationGraceMs: 60_000,
  /** API keys of one name that are live at once: one in use and its successor; a third is refused. */
  apiKeysPerNameMax: 2,
  /** Live API keys of one tenant; a further one is refused. */
  apiKeysPerTenantMax: 1_000,
  /** Agents that one API key may be narrowed to; more are refused as invalid. */
  apiKeyAgentsMax: 50,
  /** Life of an API key when none is asked for, and the longest one. */
  apiKeyDaysDefault: 90,
  apiKeyDaysMax: 366,
  /** When API keys were last used is written this often. */
  apiKeyUsesWriteMs: 60_000,
  /** Uses of API keys that wait to be written by one process; further keys are not noted until then. */
  apiKeyUsesMax: 10_000,
  /** External issuers of one tenant; a further one is refused. */
  externalIssuersPerTenantMax: 50,
  /** Entries of the map from the scopes of an external issuer to ours; more are refused as invalid. */
  externalScopesMax: 100,
  /** Whole life that a token of an external issuer may have; a longer one is refused. */
  externalTokenMsMax: 24 * 60 * 60_000,
  /** Longer subjects of external tokens are refused. */
  externalSubjectCharsMax: 512,
  /** Longest metadata or key set of an external issuer; more ends the connection. */
  issuerDocumentBytesMax: 256 * 1024,
  /** Time to fetch one of them. */
  issuerDocumentMs: 4_000,
  /** Time to read all that an issuer publishes when it is registered; less than `addressFailureMs`. */
  issuerExaminationMs: 4_500,
  /** Keys that one external issuer may publish; a larger set is not believed. */
  issuerKeysMax: 100,
  /** The keys of an issuer in use are fetched anew after this time. */
  issuerKeysRefreshMs: 5 * 60_000,
  /** While an issuer is away its keys hold for this long; then its tokens can not be judged. */
  issuerKeysHeldMs: 60 * 60_000,
  /** The keys of one issuer are fetched at most this often, whatever key ids are asked for and however often it fails. */
  issuerKeysReadMs: 10_000,
  /** Issuers whose keys one process keeps; the least used leaves first. */
  issuerKeySetsMax: 1_000,
  /** Roles that one principal can have at a time; a further one is refused. */
  grantsPerPrincipalMax: 1_000,
  /** For this long after a stop its tasks are looked for with every heartbeat, so that none that was on its way is left; then at times. */
  suspensionWatchedMs: 60_000,
  /** Tasks of one stopped target that wait for their callers and are ended in one go; the next look ends more. */
  suspendedTasksMax: 500,
  /** Routes kept by one process; the oldest leaves first. */
  routeCacheEntriesMax: 10_000,
  /** A route in use is read anew after this time, also when no hint arrived. */
  routeRefreshMs: 5_000,
  /** A live view re-reads its task's log this often, also when every hint is lost. */
  logPollMs: 1_000,
  /** Tasks of one tenant that one statement of this poll asks about; another one asks about more. */
  logPollTasksMax: 1_000,
  /** Events waiting for one slow reader; above it the stream closes and can be resumed. */
  streamBufferEventsMax: 256,
  /** Bytes waiting for one slow reader; above it the stream closes and can be resumed. */
  streamBufferBytesMax: 1024 * 1024,
  /** Open streams of one process; above it 429. */
  streamsMax: 12_000,
  /** Open streams of one tenant on one process; above it 429, so that no tenant takes them all. */
  tenantStreamsMax: 10_000,
  /** Open streams of one client, key or person on one process; above it 429, so that none takes those of its tenant. */
  callerStreamsMax: 5_000,
  /** A stream whose reader takes nothing for this long loses its connection; it can be resumed. */
  streamStallMs: 30_000,
  /** Hints to other processes that wait to be sent; more are dropped, because every reader polls as well. */
  notificationIdsWaitingMax: 10_000,
  /** Calls at once on one gRPC connection; more wait in the client. */
  grpcStreamsPerConnectionMax: 1_000,
  /** A gRPC connection is asked for a sign of life this often. */
  grpcPingMs: 30_000,
  /** A gRPC connection that gives none within this time is closed. */
  grpcPingAnswerMs: 10_000,
  /** Idle streams carry a comment this often. */
  streamHeartbeatMs: 15_000,
  /** Events that a live view reads from a log at a time; it reads the next ones when these are shown. */
  logTailEventsMax: 100,
  /** Their size, unless the first one alone is larger. */
  logTailBytesMax: 256 * 1024,
  /** Shared reads of one kind in flight; more readers wait for the next, which spares a third of the work when thousands come at once. */
  sharedReadsInFlightMax: 1,
  /** Events read from a log in one statement. */
  logPageEventsMax: 500,
  /** Events one task may append; above it the task fails as upstream.too-large. */
  taskEventsMax: 20_000,
  /** Bytes one agent answer, or the log of one task, may have; above it the task fails as upstream.too-large. */
  upstreamBytesMax: 16 * 1024 * 1024,
  /** Bytes that each piece of an agent's answer counts beside its own: answers in pieces of one byte end while they cost seconds. */
  upstreamPieceBytes: 64,
  /** Bytes one streamed event of an agent may have; above it the task fails as upstream.too-large. */
  upstreamEventBytesMax: 4 * 1024 * 1024,
  /** Bytes of an agent's HTTP error that are read for its reason; more ends the connection. */
  upstreamRefusalBytesMax: 64 * 1024,
  /** Bytes of events that one task writes at once, apart from what others write; the rest waits for its next write. One event is written whole. */
  taskWriteBytesMax: 256 * 1024,
  /** Decoded events of one call that wait for the task's log; above it the agent has to wait. */
  upstreamWaitingEventsMax: 64,
  /** Answers before the answer (HTTP 1xx) to one request of ours; whoever sends more is cut off. */
  upstreamInterimAnswersMax: 16,
  /** A stream that nobody reads any more may end by itself within this time, so that its connection serves again. */
  upstreamLingerMs: 1_000,
  /** Time to connect to an agent. */
  upstreamConnectMs: 5_000,
  /** Time an agent may stay silent. */
  upstreamIdleMs: 60_000,
  /** Time an agent may take for one task, unless its registration says less. */
  taskMs: 10 * 60_000,
  /** A blocking send answers the task as it stands after this time. */
  blockingWaitMs: 5 * 60_000,
  /** A message to a task that is worked on waits for the task to ask for this long; then it is refused as task.busy. */
  furtherMessageWaitMs: 30_000,
  /** A cancel answers the task as it stands after this time. */
  cancelWaitMs: 10_000,
  /** Time an agent has to answer a cancel; then the task is canceled without it. */
  cancelUpstreamMs: 5_000,
  /** A task that was canceled before its agent named it is told to stop if the agent names it within this time; then it is hung up on. */
  cancelUnnamedMs: 60_000,
  /** A send whose recording takes longer is answered 503; the recording still finishes and is worked on. */
  recordWaitMs: 10_000,
  /** Connections kept to one agent instance. */
  upstreamConnectionsMax: 256,
  /** Calls at once on one HTTP/2 connection to an agent; more take another connection. */
  upstreamStreamsPerConnectionMax: 100,
  /** Agent origins with an open pool; the least used leaves first. */
  upstreamPoolsMax: 1_000,
  /** Age at which an idempotency key is forgotten. */
  idempotencyKeyMs: 24 * 60 * 60_000,
  /** Tasks one process works on at once; above it a send is answered 503. */
  taskRunsMax: 20_000,
  /** A node looks this often for tasks that it holds and nobody works on. */
  orphanLookMs: 10_000,
  /** Dead nodes that one turn of a task may leave behind it; one more and the task fails as task.given-up. */
  taskTakeoversMax: 5,
  /** A task that waits for its caller for longer fails as task.expired, unless the configuration says another time. */
  taskWaitMs: 7 * 24 * 60 * 60_000,
  /** The agent of a task that waits for an authorization is asked first after this time, then ever more rarely, until the task ends. */
  accessCheckMsMin: 1_000,
  accessCheckMsMax: 60_000,
  /** Time such an agent has to answer; then it is asked again later. */
  accessCheckMs: 10_000,
  /** Such questions that one process has open at once; more wait. */
  accessChecksMax: 256,
  /** The part of them that may be one tenant's; what is above it is asked later. */
  accessChecksPerTenantMax: 64,
  /** Tasks that are ended at once because they waited too long; the next slice ends more. */
  expiredTasksMax: 200,
  /** A dead node without tasks is forgotten after this time. */
  deadNodeKeptMs: 24 * 60 * 60_000,
  /** A worker keeps house this often. */
  housekeepingMs: 60_000,
  /** Rows forgotten in one transaction, and such transactions in one go; the rest waits for the next. */
  housekeepingRowsMax: 5_000,
  housekeepingSlicesMax: 100,
  /** Tasks that one forward token may speak for; more sends of the same moment share the next one. */
  forwardTokenTasksMax: 8,
  /** Life of a token that accompanies a forward to an agent. */
  forwardTokenMs: 5 * 60_000,
  /** Life of an access token. */
  accessTokenMs: 10 * 60_000,
  /** Page size when none is asked for, and the largest one (A2A 1.0 section 3.1.4). */
  pageItemsDefault: 50,
  pageItemsMax: 100,
  /** Age of a list at which its page tokens are refused; it is to be begun anew. */
  pageTokenMs: 60 * 60_000,
  /** ListTasks counts exactly up to here and then says this number. */
  listTotalMax: 10_000,
  /** Largest amount of one grant or price, in micro-credits: stays an exact JSON number. */
  amountMicrocreditsMax: 9_000_000_000_000_000,
  ...registryLimits,
  /** Longest card accepted. */
  cardBytesMax: 256 * 1024,
  /** Card keys one tenant trusts at a time; more are refused until one is revoked. */
  trustedCardKeysMax: 100,
  /** Changes shown of a diff between two cards; more are counted only. */
  cardChangesMax: 500,
  /** Time to fetch a card from the address that its agent's registration names; less than `addressFailureMs`. */
  cardFetchMs: 4_500,
  /** Push subscriptions of one task; above it a further one is refused. */
  pushSubscriptionsPerTaskMax: 10,
  /** Push subscriptions of one tenant that still follow a task; above it a further one is refused. */
  pushSubscriptionsPerTenantMax: 10_000,
  /** Longer tokens and credentials of push receivers are refused as invalid. */
  pushSecretCharsMax: 4_096,
  /** A worker looks this often for notifications that are due, also when every hint is lost. */
  deliveryPollMs: 1_000,
  /** Looks that hints ask for come no closer together than this. */
  deliveryLookMsMin: 50,
  /** Subscriptions that one process tells at once; more wait. */
  deliveriesInFlightMax: 32,
  /** The part of them that may go to one origin, so that a slow receiver does not delay the others. */
  deliveriesPerOriginMax: 8,
  /** The part of them that may be one tenant's. */
  deliveriesPerTenantMax: 16,
  /** Due subscriptions that are looked at in one go; the rest waits for the next. */
  deliveriesLookedAtMax: 500,
  /** A worker that has recorded nothing for this long has lost its claim on a subscription; longer than a challenge and a notification may take. */
  deliveryLeaseMs: 120_000,
  /** The longest that a receiver may be given to answer, by configuration. */
  deliveryMsMax: 30_000,
  /** Events that are read from a log at once to be told, and their bytes; the first is read however long it is. */
  deliveryPageEventsMax: 20,
  deliveryPageBytesMax: 256 * 1024,
  /** Time a receiver has to answer one notification; then the try has failed. */
  deliveryMs: 10_000,
  /** A rotated signing secret of receivers signs beside its successor for this long when nothing is said, and at most for so long. */
  webhookSecretOverlapMs: 24 * 60 * 60_000,
  webhookSecretOverlapMsMax: 30 * 24 * 60 * 60_000,
  /** Tries of one notification; then it is a dead letter. */
  deliveryAttemptsMax: 8,
  /** Delay of the second try; it doubles with each. A receiver that asks for longer gets it, up to the maximum. */
  deliveryRetryMsMin: 5_000,
  deliveryRetryMsMax: 15 * 60_000,
  /** Bytes of a receiver's answer that are read; more ends the connection. */
  deliveryAnswerBytesMax: 16 * 1024,
  /** Tasks whose subscriptions one process knows of, to tell hints that matter; the oldest leaves first. */
  deliveryTasksKnownMax: 10_000,
  /** Age at which a settled delivery is forgotten. */
  deliveryKeptMs: 30 * 24 * 60 * 60_000,
  /** Private ranges and hosts that one tenant may have opened; a further one is refused until one is removed. */
  egressAllowancesMax: 100,
  /** What is open to a tenant is read anew after this time, so that a change reaches every process. */
  egressRefreshMs: 5_000,
  /** Tenants whose allowances one process keeps; the least used leaves first. */
  egressTenantsMax: 10_000,
  /**
   * Failures to read from an address that a caller names are told after a multiple of this time. Longer than any such read may take, so
   * that it is always the same.
   */
  addressFailureMs: 5_000,
  /** So much longer than a receiver may take are the buckets of notifications that failed. */
  addressFailureSlackMs: 500,
  /** Owners whose unwrapped data keys one process keeps; the least used leaves first and is unwrapped again when needed. */
  dataKeyOwnersMax: 10_000,
  /** Data keys of one owner that one process keeps; the oldest leaves first. */
  dataKeysPerOwnerMax: 8,
  /** Which data key of an owner seals is looked up anew after this time, so that a rotation reaches every process. */
  dataKeyRefreshMs: 5_000,
  /** A worker looks this often whether a rotation of secret keys is to be carried on. */
  rotationLookMs: 5_000,
  /** Every process seals with an owner's new data key by then; only now are the owner's secrets sealed anew. */
  rotationSettleMs: 15_000,
  /** A worker that carries a rotation on and is silent for this long has left it to another. */
  rotationClaimMs: 60_000,
  /** Tenants whose keys or secrets are gone through under one claim; the next claim goes on. */
  rotationTenantsMax: 20,
  /** Secrets that are sealed anew between two looks at the claim. */
  rotationSecretsMax: 100,
  /** A secret that does not open is noted in the audit log at most this often, and so many places are remembered for it. */
  secretFaultEntryMs: 60_000,
  secretFaultsKnownMax: 1_000,
  /** A sealer that has done nothing for this long may be followed by another. */
  auditSealHoldMs: 5_000,
  /** Audit entries sealed in one transaction, and such transactions in one go; the rest waits for the next. */
  auditSealEntriesMax: 500,
  auditSealBatchesMax: 40,
  /** Keys for digests of tenants' contents that the sealer keeps derived; the one that was used longest ago leaves first. */
  auditDigestKeysMax: 1_000,
  /** A chain that has grown gets a signed checkpoint after this time, unless the configuration says another, or after so many records. */
  auditCheckpointMs: 10_000,
  auditCheckpointRecordsMax: 1_000,
  /** The holder looks this often whether the checkpoints that were signed last are still there, and at so many chains. */
  auditCheckpointsLookMs: 60_000,
  auditCheckpointsCheckedMax: 100,
  /** Age of an entry that is not sealed above which health tells a warning. */
  auditLagWarnMs: 60_000,
  /** Audit entries in one answer of an export; the next answer has more. */
  auditExportEntriesMax: 1_000,
  /** A tenant keeps its audit entries for ever, or for a time within these bounds; the database has them too. */
  auditKeepDaysMin: 30,
  auditKeepDaysMax: 3_650,
  /** Audit entries that one transaction of a pruning takes away; the next one goes on. */
  auditPruneEntriesMax: 10_000,
  /** Chains that get a checkpoint in one go; the rest waits for the next. */
  auditCheckpointsMax: 500,
  ...leaseLimits,
  ...leaveLimits,
  /** Lists of tasks that one process knows to be longer than what is counted; the oldest leaves first and is counted again. */
  fullListsKnownMax: 10_000,
  ...resultLimits,
  ...slaLimits,
} as const;

export type Limits = { readonly [Name in keyof typeof limits]: number };
