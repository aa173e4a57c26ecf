// Written by `npm run generate` from docs/reference/openapi.json. Do not edit.
/** The schemas of the admin API, and of each operation its arguments and its answer. */
export interface components {
    schemas: {
        readonly Agent: {
            /** Part of its public address; unique in the tenant. */
            readonly name: string;
            readonly agentId: string;
            /**
             * Format: uri
             * Its A2A address on this platform. It ends in a slash: the path of the card is relative to it.
             */
            readonly url: string;
            /** What its card calls it. */
            readonly title: string;
            readonly description: string;
            /** As its card says. */
            readonly version: string;
            /** Counts the cards of this registration. */
            readonly cardVersion: number;
            readonly streaming: boolean;
            readonly skillIds: readonly string[];
            /** Price of one completed task. */
            readonly priceMicrocredits: number;
            /** Whether sending one messageId twice does the work once. */
            readonly idempotent: boolean;
            /** Time one task may take. */
            readonly taskMsMax: number;
            /**
             * How urgent its work is when there is more than room for.
             */
            readonly tier: "gold" | "silver" | "bronze";
            /**
             * What its owner says of it; stops nothing.
             */
            readonly status: "active" | "maintenance" | "deprecated";
            /**
             * The best health of its instances that take new tasks.
             */
            readonly health: "healthy" | "degraded" | "unknown" | "unhealthy";
            readonly regions: readonly string[];
            /** What callers need towards it, in its own words. */
            readonly scopes: readonly string[];
            readonly department?: string | undefined;
            readonly owner?: string | undefined;
            readonly costCenter?: string | undefined;
            /** Tasks that it works on at a time. */
            readonly slotsMax?: number | undefined;
            readonly documentationUrl?: string | undefined;
            /**
             * Whether clients without a token may read the card: no (`tenant`) or yes (`public`).
             */
            readonly cardVisibility: "tenant" | "public";
            /** Skills that only the extended card shows, and only to callers who may send. */
            readonly extendedSkillIds: readonly string[];
            readonly cardSignature: components["schemas"]["CardSignature"];
            /**
             * Whether a card is let in without a signature by a trusted key (`accept`: it is, and is marked).
             */
            readonly cardSignatures?: ("accept" | "require") | undefined;
            /**
             * Whose changed url, security scheme or skill set waits for approval: signed agents, all, or none.
             */
            readonly cardApproval?: ("signed" | "always" | "never") | undefined;
            /** The card version that waits for approval. */
            readonly pendingCardVersion?: number | undefined;
            readonly credentialKind: "none" | "bearer" | "api-key";
            /** Header that carries an API key. */
            readonly credentialHeader?: string | undefined;
            /** Id of the principal that registered it. */
            readonly registeredBy: string;
            /**
             * Format: date-time
             * When it was registered.
             */
            readonly createdAt: string;
        };
        readonly AgentPrices: {
            readonly agent: string;
            /** What holds now: the price of the agent first, then those of skills with a price of their own. */
            readonly prices: readonly {
                /** Absent: every skill without a price of its own. */
                readonly skill?: string | undefined;
                readonly price: components["schemas"]["Price"];
                /** Where the price comes from. */
                readonly source: {
                    readonly kind: "override" | "card" | "registration";
                    /** The override is for this skill. */
                    readonly skill?: string | undefined;
                    /**
                     * Format: date-time
                     * Since when the override holds.
                     */
                    readonly effectiveFrom?: string | undefined;
                    /** The version of the card that states the price. */
                    readonly cardVersion?: number | undefined;
                };
            }[];
            /** Overrides that do not hold yet, the next one first. */
            readonly upcoming: readonly {
                /** Absent: every skill without a price of its own. */
                readonly skill?: string | undefined;
                readonly price: components["schemas"]["Price"];
                /**
                 * Format: date-time
                 * From when on it holds.
                 */
                readonly effectiveFrom: string;
            }[];
        };
        /** Exactly one of `card` and `cardUrl` is given. */
        readonly AgentRegistration: {
            /** Part of its public address; unique in the tenant. */
            readonly name: string;
            /** Where its card is; or give the card itself. */
            readonly cardUrl?: string | undefined;
            /** An A2A 1.0 AgentCard. */
            readonly card?: object | undefined;
            /** Price of one completed task. */
            readonly priceMicrocredits?: number | undefined;
            /** Whether sending one messageId twice does the work once. */
            readonly idempotent?: boolean | undefined;
            /** Time one task may take. */
            readonly taskMsMax?: number | undefined;
            /**
             * Whether clients without a token may read the card: no (`tenant`) or yes (`public`).
             */
            readonly cardVisibility?: ("tenant" | "public") | undefined;
            /** What the platform shows to the agent; it travels to the card’s origin only. */
            readonly credential?: {
                readonly kind: "bearer" | "api-key";
                /** Never given out again. */
                readonly value: string;
                /** Of an API key; X-API-Key when left out. */
                readonly header?: string | undefined;
            } | undefined;
            /**
             * Whether a card is let in without a signature by a trusted key (`accept`: it is, and is marked).
             */
            readonly cardSignatures?: ("accept" | "require") | undefined;
            /**
             * Whose changed url, security scheme or skill set waits for approval: signed agents, all, or none.
             */
            readonly cardApproval?: ("signed" | "always" | "never") | undefined;
            /** Skills that only the extended card shows, and only to callers who may send. */
            readonly extendedSkillIds?: readonly string[] | undefined;
            /** What the tenant says of the agent, as in the card extension urn:colloquy:extension:enterprise:v1: department, owner, costCenter, tier, slotsMax, regions, status, scopes, healthUrl, and skills with their settings by id. It is laid over this card and those that follow; null takes away what the card says. */
            readonly profile?: object | undefined;
        };
        readonly AuditEntry: {
            readonly entryId: string;
            /**
             * Format: date-time
             * When it happened.
             */
            readonly occurredAt: string;
            /** Id of the principal that acted. */
            readonly actorId: string;
            /** Its name; absent when it is external, was erased or is not of the tenant. */
            readonly actorName?: string | undefined;
            readonly action: "client.created" | "client.allocated" | "client.revoked" | "token.exchanged" | "token.revoked" | "grant.revoked" | "signing-key.rotated" | "signing-key.dropped" | "client-secret.added" | "client-secret.revoked" | "client-authority.added" | "client-authority.removed" | "access.refused" | "grant.created" | "grant.removed" | "agent.stopped" | "agent.resumed" | "principal.stopped" | "principal.resumed" | "tenant.stopped" | "tenant.resumed" | "credits.alert-raised" | "api-key.created" | "api-key.revoked" | "subject.erased" | "audit.retention-set" | "audit.pruned" | "budget.set" | "budget.unset" | "push-subscription.created" | "push-subscription.deleted" | "delivery.replayed" | "webhook-secret.rotated" | "egress.allowed" | "egress.removed" | "event-sink.set" | "event-sink.unset" | "event-sink.tested" | "event-sink.replayed" | "event-sink.secret-rotated" | "instance.registered" | "instance.changed" | "instance.drained" | "instance.quarantined" | "instance.admitted" | "instance.removed" | "probe.changed" | "issuer.registered" | "issuer.changed" | "issuer.removed" | "limit.set" | "limit.unset" | "credits.granted" | "credits.lapsed" | "credits.transferred-out" | "credits.transferred-in" | "credits.settings-changed" | "credits.drift-found" | "person.created" | "person.disabled" | "person.enabled" | "person.link-created" | "person.password-set" | "person.signed-in" | "client.sign-in-set" | "price.set" | "price.unset" | "agent.registered" | "agent.deregistered" | "agent.keys-pinned" | "card.rolled-back" | "card.published" | "card.proposed" | "card.approved" | "card.rejected" | "resilience.set" | "resilience.unset" | "task.served" | "result-terms.set" | "result-terms.unset" | "results.purged" | "routing.set" | "routing.unset" | "secret.unreadable" | "secret.rotation-asked" | "sla.objective-set" | "sla.objective-unset" | "task.completed" | "task.failed" | "task.canceled" | "task.rejected" | "task.refused" | "task.replayed" | "delegation.depth-set" | "tenant.created" | "card-key.added" | "card-key.revoked" | "card-policy.changed";
            readonly outcome: "succeeded" | "failed" | "refused";
            /** A task id, or `agents/{name}`, `clients/{id}`, `tenants/{slug}` … */
            readonly resource: string;
            readonly requestId: string;
            readonly facts: {
                readonly [key: string]: string;
            };
        };
        readonly Budget: {
            /** Unique in the tenant. */
            readonly name: string;
            /**
             * Whose tasks it pays for. Default: tenant.
             */
            readonly scope: "tenant" | "agent" | "skill" | "client" | "department" | "cost-center";
            /** The name of an agent, `agent/skill`, the id of a client or another principal, a department, or a cost center; absent for the whole tenant. */
            readonly subject?: string | undefined;
            /** What may be spent in one period. 0: only free tasks. */
            readonly limitMicrocredits: number;
            /**
             * Days and months of UTC.
             */
            readonly period: "day" | "month" | "total";
            /**
             * hard: refuses tasks that it does not pay for; soft: raises alerts only. Default: hard.
             */
            readonly mode: "hard" | "soft";
            /** An alert is raised when so many percent of the limit are spent; by default at 50, 80, 100. */
            readonly alertPercents: readonly number[];
            /** An alert is raised when credits are spent this many times faster than evenly over the period; absent: none. */
            readonly burnRateFactor?: number | undefined;
            /**
             * Format: date-time
             * When its current period began; 1970 for a budget in total.
             */
            readonly startsAt: string;
            /**
             * Format: date-time
             * When it begins anew; absent for a budget in total.
             */
            readonly endsAt?: string | undefined;
            /** With what is reserved for open tasks. */
            readonly spentMicrocredits: number;
            /** Below zero when more was spent than the limit. */
            readonly leftMicrocredits: number;
            /** Id of the principal that set it. */
            readonly changedBy: string;
            /**
             * Format: date-time
             * When it was set.
             */
            readonly changedAt: string;
        };
        readonly BudgetDetails: {
            /** Unique in the tenant. */
            readonly name: string;
            /**
             * Whose tasks it pays for. Default: tenant.
             */
            readonly scope: "tenant" | "agent" | "skill" | "client" | "department" | "cost-center";
            /** The name of an agent, `agent/skill`, the id of a client or another principal, a department, or a cost center; absent for the whole tenant. */
            readonly subject?: string | undefined;
            /** What may be spent in one period. 0: only free tasks. */
            readonly limitMicrocredits: number;
            /**
             * Days and months of UTC.
             */
            readonly period: "day" | "month" | "total";
            /**
             * hard: refuses tasks that it does not pay for; soft: raises alerts only. Default: hard.
             */
            readonly mode: "hard" | "soft";
            /** An alert is raised when so many percent of the limit are spent; by default at 50, 80, 100. */
            readonly alertPercents: readonly number[];
            /** An alert is raised when credits are spent this many times faster than evenly over the period; absent: none. */
            readonly burnRateFactor?: number | undefined;
            /**
             * Format: date-time
             * When its current period began; 1970 for a budget in total.
             */
            readonly startsAt: string;
            /**
             * Format: date-time
             * When it begins anew; absent for a budget in total.
             */
            readonly endsAt?: string | undefined;
            /** With what is reserved for open tasks. */
            readonly spentMicrocredits: number;
            /** Below zero when more was spent than the limit. */
            readonly leftMicrocredits: number;
            /** Id of the principal that set it. */
            readonly changedBy: string;
            /**
             * Format: date-time
             * When it was set.
             */
            readonly changedAt: string;
            /** The part of what is spent that open tasks hold. */
            readonly reservedMicrocredits: number;
            /** What is spent at the end of the period, at the average rate since its start. */
            readonly projectedMicrocredits?: number | undefined;
            /**
             * Format: date-time
             * When nothing is left at that rate; absent when that is after the period.
             */
            readonly runsOutAt?: string | undefined;
        };
        readonly CalledTask: {
            readonly taskId: string;
            /** Id of the skill. */
            readonly type?: string | undefined;
            /** What the skill was asked. */
            readonly inputs?: unknown | undefined;
            /**
             * `timeout`: it failed because its time was over.
             */
            readonly status: "submitted" | "working" | "input-required" | "auth-required" | "completed" | "failed" | "cancelled" | "rejected" | "timeout";
            /** The newest data that the agent gave. */
            readonly outputs?: unknown | undefined;
            /** What the agent gave in words. */
            readonly text?: string | undefined;
            /** Where the outputs break the skill's schema; the task is completed all the same. */
            readonly outputViolations?: readonly {
                /** JSON pointer into the outputs (RFC 6901). */
                readonly field: string;
                readonly description: string;
            }[] | undefined;
            readonly error?: {
                readonly code: string;
                readonly message: string;
                /** The agent asked to be left alone for so long, with 429 or 503 and `Retry-After`. */
                readonly retryAfterMs?: number | undefined;
            } | undefined;
            /** Slug of the tenant. */
            readonly tenantId: string;
            /** Id of the principal that called. */
            readonly requesterAgentId: string;
            /** Name of the agent. */
            readonly targetAgentId: string;
            readonly contextId: string;
            /**
             * The price that was reserved when the task was recorded. In millionths of a credit.
             * @example 100000000
             */
            readonly reservedMicrocredits: number;
            /**
             * What was charged at the end; 0 before. More than was reserved only where the overage policy says so. In millionths of a credit.
             * @example 60000000
             */
            readonly settledMicrocredits: number;
            /**
             * The part of the reservation that was refunded at the end; 0 before. In millionths of a credit.
             * @example 40000000
             */
            readonly releasedMicrocredits: number;
            /**
             * Format: date-time
             * What is not done by then is not done any more.
             */
            readonly deadline?: string | undefined;
            /**
             * Format: date-time
             * When it was recorded.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * When its status last changed.
             */
            readonly updatedAt: string;
            /**
             * Format: date-time
             * When it ended.
             */
            readonly completedAt?: string | undefined;
            /** Seconds from its beginning to its end. */
            readonly actualDuration?: number | undefined;
        };
        readonly CardDiff: {
            readonly changes: readonly {
                /** Where, for example `skills[translate].tags`. */
                readonly path: string;
                readonly kind: "added" | "removed" | "changed";
                /** Absent when it was added. */
                readonly before?: unknown | undefined;
                /** Absent when it was removed. */
                readonly after?: unknown | undefined;
            }[];
            /** All of them, also those that are not shown. */
            readonly changeCount: number;
            /** What a tenant may want to approve. */
            readonly material: readonly ("interfaces" | "security" | "skills" | "terms" | "signature")[];
        };
        readonly CardKey: {
            readonly kid: string;
            /** For people. */
            readonly name: string;
            /** JWS algorithms it is believed with. */
            readonly algorithms: readonly string[];
            readonly publicJwk: Record<string, unknown>;
            /** Id of the principal that added it. */
            readonly addedBy: string;
            /**
             * Format: date-time
             * Since when it is trusted.
             */
            readonly addedAt: string;
            /**
             * Format: date-time
             * Since when it is not.
             */
            readonly revokedAt?: string | undefined;
        };
        readonly CardPolicy: {
            /**
             * Whether a card is let in without a signature by a trusted key (`accept`: it is, and is marked).
             */
            readonly signatures: "accept" | "require";
            /**
             * Whose changed url, security scheme or skill set waits for approval: signed agents, all, or none.
             */
            readonly approval: "signed" | "always" | "never";
        };
        readonly CardSignature: {
            /**
             * As they were found when the card came.
             */
            readonly state: "unsigned" | "verified" | "untrusted-key";
            /** The trusted key that verified it. */
            readonly kid?: string | undefined;
            /** Whether that key was revoked since. */
            readonly keyRevoked?: boolean | undefined;
        };
        /** Without either, the card is read anew from where the one in use came from. */
        readonly CardUpdate: {
            /** Where its card is now. */
            readonly cardUrl?: string | undefined;
            /** The AgentCard itself. */
            readonly card?: object | undefined;
        };
        readonly CardVersion: {
            /** Counts the cards of a registration. */
            readonly version: number;
            readonly status: "approved" | "pending" | "rejected" | "superseded";
            /** Whether messages are routed by it. */
            readonly inUse: boolean;
            readonly signature: components["schemas"]["CardSignature"];
            /** What the card calls its version. */
            readonly cardsOwnVersion: string;
            /**
             * Format: date-time
             * When it came.
             */
            readonly createdAt: string;
            /** Id of the principal that brought it. */
            readonly proposedBy?: string | undefined;
            /**
             * Format: date-time
             * When it was approved, rejected or superseded.
             */
            readonly decidedAt?: string | undefined;
            /** Id of the principal that did so. */
            readonly decidedBy?: string | undefined;
        };
        readonly Client: {
            readonly clientId: string;
            /** For people; unique in the tenant. */
            readonly name: string;
            /** OAuth scopes it may ask for. */
            readonly scopes: readonly string[];
            /**
             * How it proves itself at the token endpoint.
             */
            readonly authentication: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "self_signed_tls_client_auth";
            /**
             * What its access tokens must be bound to: nothing (a key of DPoP proofs may be chosen at the token endpoint), such a key, or its certificate.
             */
            readonly tokenBinding: "none" | "dpop" | "certificate";
            /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
            readonly department?: string | undefined;
            /** The same for the cost center. */
            readonly costCenter?: string | undefined;
            /**
             * Format: date-time
             * When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * Since when it gets no tokens.
             */
            readonly revokedAt?: string | undefined;
        };
        readonly ClientAuthority: {
            readonly authorityId: string;
            /** For people. */
            readonly name: string;
            /** One certificate as PEM text. */
            readonly certificate: string;
            /** As RFC 4514 writes it. */
            readonly subject: string;
            /** SHA-256 of the certificate, base64url. */
            readonly thumbprint: string;
            /**
             * Format: date-time
             * When its certificate ends.
             */
            readonly expiresAt: string;
            /**
             * Format: date-time
             * Since when it is trusted.
             */
            readonly addedAt: string;
        };
        readonly ClientSecret: {
            readonly secretId: string;
            /**
             * Format: date-time
             * When it was made.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * When it ends by itself.
             */
            readonly expiresAt?: string | undefined;
            /**
             * Format: date-time
             * When it was ended.
             */
            readonly revokedAt?: string | undefined;
        };
        readonly ComparedCards: {
            readonly from: components["schemas"]["CardVersion"];
            readonly to: components["schemas"]["CardVersion"];
            readonly diff: components["schemas"]["CardDiff"];
        };
        readonly CostAllocation: {
            /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
            readonly department?: string | undefined;
            /** The same for the cost center. */
            readonly costCenter?: string | undefined;
        };
        readonly CreatedClient: {
            readonly clientId: string;
            /** For people; unique in the tenant. */
            readonly name: string;
            /** OAuth scopes it may ask for. */
            readonly scopes: readonly string[];
            /**
             * How it proves itself at the token endpoint.
             */
            readonly authentication: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "self_signed_tls_client_auth";
            /**
             * What its access tokens must be bound to: nothing (a key of DPoP proofs may be chosen at the token endpoint), such a key, or its certificate.
             */
            readonly tokenBinding: "none" | "dpop" | "certificate";
            /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
            readonly department?: string | undefined;
            /** The same for the cost center. */
            readonly costCenter?: string | undefined;
            /**
             * Format: date-time
             * When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * Since when it gets no tokens.
             */
            readonly revokedAt?: string | undefined;
            /** Shown this once; absent for a client with a key or a certificate. */
            readonly clientSecret?: string | undefined;
        };
        readonly CreditAlert: {
            /** Stable; also in the data of its event, but of drift. */
            readonly alertId: string;
            readonly kind: "budget-threshold" | "burn-rate" | "low-credit" | "drift";
            /** Name of the budget; absent for an alert about the wallet. */
            readonly budget?: string | undefined;
            /** The figures of the alert, as in the data of its event. */
            readonly facts: {
                readonly [key: string]: unknown;
            };
            /**
             * Format: date-time
             * When it was raised.
             */
            readonly raisedAt: string;
        };
        /** granted + overage = available + reserved + used + expired */
        readonly CreditBalance: {
            readonly grantedMicrocredits: number;
            readonly availableMicrocredits: number;
            readonly reservedMicrocredits: number;
            readonly usedMicrocredits: number;
            /** What was left of grants that have expired. */
            readonly expiredMicrocredits: number;
            /** Used beyond what was granted: what the tenant owes. */
            readonly overageMicrocredits: number;
        };
        readonly CreditReconciliation: {
            /**
             * Format: date-time
             * When it was made; absent before the first.
             */
            readonly checkedAt?: string | undefined;
            /** The figures that disagree; empty when the books are sound. */
            readonly drifts: readonly {
                /**
                 * An account that differs from its entries, or reservations of open tasks, what is left of grants with an expiry, or sums of the ledger.
                 */
                readonly of: "granted" | "available" | "reserved" | "used" | "expired" | "overage" | "open-tasks" | "grants" | "checkpoints";
                readonly expectedMicrocredits: number;
                readonly foundMicrocredits: number;
            }[];
        };
        readonly CreditSettings: {
            /**
             * cap: a task never costs more than was reserved for it. debit: the rest is charged, and owed when the wallet is empty.
             */
            readonly overagePolicy: "cap" | "debit";
            /** The most that the tenant may owe. */
            readonly overageMaxMicrocredits: number;
            /** Reserved in place of a price, or a part of it, that cannot be computed. */
            readonly unknownPriceMicrocredits: number;
            /** An alert is raised when less is available. Null for none. */
            readonly lowCreditMicrocredits: number | null;
        };
        /** The closing balance of a month is the opening balance of the next. */
        readonly CreditStatement: {
            /** A month of UTC, such as 2026-11. */
            readonly month: string;
            /**
             * Format: date-time
             * When it begins.
             */
            readonly from: string;
            /**
             * Format: date-time
             * When the next one begins.
             */
            readonly to: string;
            /** Whether no more entries of the month will come. */
            readonly isFinal: boolean;
            readonly opening: components["schemas"]["CreditBalance"];
            /** One of each kind of entry, also without entries. */
            readonly lines: readonly {
                readonly kind: "grant" | "reserve" | "settle" | "release" | "expire" | "charge" | "overage" | "repay" | "lapse" | "transfer-out" | "transfer-in";
                readonly entries: number;
                /** The sum of these entries. */
                readonly amountMicrocredits: number;
            }[];
            readonly closing: components["schemas"]["CreditBalance"];
        };
        readonly Delivery: {
            /** The `webhook-id` that its receiver saw, at every try the same. */
            readonly deliveryId: string;
            readonly taskId: string;
            /** Id of the push notification config. */
            readonly configId: string;
            /** Format: uri */
            readonly url: string;
            /** The event of the task's log. */
            readonly seq: number;
            readonly state: "retrying" | "delivered" | "dead" | "replaying";
            readonly attempts: number;
            /** The HTTP status of the last try, when there was an answer. */
            readonly lastStatus?: number | undefined;
            /**
             * Why the last try failed.
             */
            readonly lastReason?: ("http-status" | "no-answer" | "address-refused" | "gone" | "challenge-failed" | "unreadable") | undefined;
            /**
             * Format: date-time
             * When it was first tried.
             */
            readonly firstAttemptAt: string;
            /**
             * Format: date-time
             * When it was last tried.
             */
            readonly lastAttemptAt: string;
        };
        readonly EventDeadLetter: {
            /** The `id` of the CloudEvent. */
            readonly eventId: string;
            readonly type: string;
            readonly subject: string;
            /**
             * Format: date-time
             * The `time` of the CloudEvent.
             */
            readonly time: string;
            /** The `data` of the CloudEvent. */
            readonly data: {
                readonly [key: string]: unknown;
            };
            readonly attempts: number;
            /** The HTTP status, when there was an answer. */
            readonly lastStatus?: number | undefined;
            /**
             * Why the attempt failed.
             */
            readonly lastReason: "http-status" | "no-answer" | "address-refused" | "gone" | "challenge-failed" | "unreadable";
            /**
             * Format: date-time
             * When the last attempt failed.
             */
            readonly deadAt: string;
            /** It is being sent again. */
            readonly isReplaying: boolean;
        };
        readonly EventSink: {
            /** Unique in the tenant. */
            readonly name: string;
            /**
             * Format: uri
             * Where events are posted. Private addresses need the permission of an operator.
             */
            readonly url: string;
            /** Event types that the sink receives; `*` stands for any characters. */
            readonly types: readonly string[];
            /**
             * Format: date-time
             * When it was set first; it receives events from then on.
             */
            readonly createdAt: string;
            /** Id of the principal that set it. */
            readonly changedBy: string;
            /**
             * Format: date-time
             * When it was set.
             */
            readonly changedAt: string;
            /** Events of the tenant that the sink has not passed yet, those of other types included. */
            readonly backlog: number;
            /** Failed attempts of the next event. */
            readonly attempts: number;
            /** Events that failed every attempt. */
            readonly deadLetters: number;
            /** Events that were dropped before the sink got them. */
            readonly missed: number;
            /** The HTTP status, when there was an answer. */
            readonly lastStatus?: number | undefined;
            /**
             * Why the attempt failed.
             */
            readonly lastReason?: ("http-status" | "no-answer" | "address-refused" | "gone" | "challenge-failed" | "unreadable") | undefined;
            /**
             * Format: date-time
             * When an event was last sent.
             */
            readonly lastAttemptAt?: string | undefined;
            /**
             * Format: date-time
             * When an event was last delivered.
             */
            readonly deliveredAt?: string | undefined;
            /**
             * Format: date-time
             * When the receiver answered 410. Nothing is sent until the sink is set again.
             */
            readonly goneAt?: string | undefined;
        };
        readonly Grant: {
            readonly grantId: string;
            /** Id of the client, key, person or external subject. */
            readonly principal: string;
            /** One of tenant-admin, developer, auditor, caller, agent, host. */
            readonly role: string;
            /** Name of the agent it is limited to; absent: the whole tenant. */
            readonly agent?: string | undefined;
            /** Id of the skill of that agent that it is limited to; absent: the whole agent. */
            readonly skill?: string | undefined;
            /** Id of the principal that gave it. */
            readonly grantedBy: string;
            /**
             * Format: date-time
             * When it was given.
             */
            readonly createdAt: string;
        };
        readonly InspectedTask: {
            readonly taskId: string;
            readonly contextId: string;
            /** Name of the agent. */
            readonly agent: string;
            /** Id of the principal that sent it. */
            readonly ownerId: string;
            /** Its name; absent when it is external, was erased or is not of the tenant. */
            readonly ownerName?: string | undefined;
            readonly state: "submitted" | "working" | "input-required" | "auth-required" | "completed" | "failed" | "canceled" | "rejected";
            /** How often its work was begun. */
            readonly attempt: number;
            /** The routing decision: which instance, and why. */
            readonly decision: unknown;
            /**
             * The price that was reserved when the task was recorded. In millionths of a credit.
             * @example 100000000
             */
            readonly reservedMicrocredits: number;
            /**
             * What was charged at the end; 0 before. More than was reserved only where the overage policy says so. In millionths of a credit.
             * @example 60000000
             */
            readonly settledMicrocredits: number;
            /**
             * The part of the reservation that was refunded at the end; 0 before. In millionths of a credit.
             * @example 40000000
             */
            readonly releasedMicrocredits: number;
            /**
             * The parts of the price of a completed task. They add up to what was settled, or to more when the price exceeded the reservation.
             * @example [
             *       {
             *         "component": "items",
             *         "quantity": 120,
             *         "unitMicrocredits": 500000,
             *         "amountMicrocredits": 60000000
             *       }
             *     ]
             */
            readonly costLines?: readonly {
                readonly component: "call" | "items" | "seconds" | "unit" | "minimum";
                /** Name of the unit. */
                readonly unit?: string | undefined;
                /** Absent: it is not known. */
                readonly quantity?: number | undefined;
                /** For each one above the tiers. */
                readonly unitMicrocredits: number;
                /** What the line costs, rounded upward. */
                readonly amountMicrocredits: number;
            }[] | undefined;
            /**
             * What a completed task took. Only where the price depends on it.
             * @example {
             *       "seconds": 2.4,
             *       "items": 120
             *     }
             */
            readonly usage?: {
                /** Working time, as the platform measured it. */
                readonly seconds: number;
                /** As its agent reported it. */
                readonly items?: number | undefined;
                /** As its agent reported them, by their names. */
                readonly units?: {
                    readonly [key: string]: number;
                } | undefined;
            } | undefined;
            /** Why it failed. */
            readonly errorCode?: string | undefined;
            /** Only of a task that was sent for another, or that has a budget. */
            readonly chain?: {
                /** The task that it all began with. */
                readonly root: string;
                /** The task that this one was sent for. */
                readonly parent?: string | undefined;
                /** Hops from the root. */
                readonly depth: number;
                /** Names of the agents on the way, the first one first. */
                readonly ancestors: readonly string[];
                /** Microcredits that the chain had left when it was recorded. */
                readonly budgetLeft?: number | undefined;
            } | undefined;
            /**
             * Format: date-time
             * When it was recorded.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * When its state last changed.
             */
            readonly statusAt: string;
            /** Length of its log. */
            readonly lastSeq: number;
            /** Its log after `afterSeq`, without content. */
            readonly events: readonly {
                readonly seq: number;
                readonly kind: string;
                readonly state?: ("submitted" | "working" | "input-required" | "auth-required" | "completed" | "failed" | "canceled" | "rejected") | undefined;
                /**
                 * Format: date-time
                 * When it was recorded.
                 */
                readonly occurredAt: string;
            }[];
        };
        readonly LedgerEntry: {
            readonly kind: "grant" | "reserve" | "settle" | "release" | "expire" | "charge" | "overage" | "repay" | "lapse" | "transfer-out" | "transfer-in";
            /** Of a grant or a transfer, its id; otherwise the digits of the task id. */
            readonly reservationId: string;
            /** The task whose price is moved. */
            readonly taskId?: string | undefined;
            /** Name of the agent of that task. */
            readonly agent?: string | undefined;
            /** Id of the principal that sent that task. */
            readonly ownerId?: string | undefined;
            /** Its name; absent when it is external, was erased or is not of the tenant. */
            readonly ownerName?: string | undefined;
            readonly amountMicrocredits: number;
            /**
             * Format: date-time
             * When it was written.
             */
            readonly createdAt: string;
        };
        readonly OriginalCard: {
            /** Counts the cards of a registration. */
            readonly version: number;
            readonly status: "approved" | "pending" | "rejected" | "superseded";
            /** Whether messages are routed by it. */
            readonly inUse: boolean;
            readonly signature: components["schemas"]["CardSignature"];
            /** What the card calls its version. */
            readonly cardsOwnVersion: string;
            /**
             * Format: date-time
             * When it came.
             */
            readonly createdAt: string;
            /** Id of the principal that brought it. */
            readonly proposedBy?: string | undefined;
            /**
             * Format: date-time
             * When it was approved, rejected or superseded.
             */
            readonly decidedAt?: string | undefined;
            /** Id of the principal that did so. */
            readonly decidedBy?: string | undefined;
            /** Where it was fetched from. */
            readonly cardUrl?: string | undefined;
            /** The agent’s own card, with its own signatures. */
            readonly card: Record<string, unknown>;
        };
        /** The parts are added. Each is rounded upward to a micro-credit. */
        readonly Price: {
            /** For the call, in credits with at most 6 decimals. */
            readonly perCall?: (number | string) | undefined;
            readonly perItem?: {
                /** For each item above the tiers, in credits with at most 6 decimals. */
                readonly price: number | string;
                /** JSON path into the first data part of the message, such as $.leadIds[*]. */
                readonly of?: string | undefined;
                /** Graduated: the quantity up to the first `upTo`, then up to the next; what is above the last costs `price`. */
                readonly tiers?: readonly {
                    /** Where the tier ends. */
                    readonly upTo: number;
                    /** For each one in the tier, in credits with at most 6 decimals. */
                    readonly price: number | string;
                }[] | undefined;
            } | undefined;
            /** For each second that the agent works, in credits with at most 6 decimals. */
            readonly perSecond?: (number | string) | undefined;
            /** For units that the agent reports, by name. */
            readonly perUnit?: {
                readonly [key: string]: (number | string) | {
                    /** For each unit above the tiers, in credits with at most 6 decimals. */
                    readonly price: number | string;
                    /** Graduated: the quantity up to the first `upTo`, then up to the next; what is above the last costs `price`. */
                    readonly tiers?: readonly {
                        /** Where the tier ends. */
                        readonly upTo: number;
                        /** For each one in the tier, in credits with at most 6 decimals. */
                        readonly price: number | string;
                    }[] | undefined;
                };
            } | undefined;
            /** The parts cost this at least, in credits with at most 6 decimals. */
            readonly minimum?: (number | string) | undefined;
            /** The quantities that a send reserves for. */
            readonly estimate?: {
                /** Where the message does not say it. */
                readonly items?: number | undefined;
                /** Typical working time. */
                readonly seconds?: number | undefined;
                readonly units?: {
                    readonly [key: string]: number;
                } | undefined;
            } | undefined;
        };
        readonly PriceOverride: {
            readonly agent: string;
            /** Absent: every skill of the agent without an override. */
            readonly skill?: string | undefined;
            /**
             * Format: date-time
             * From when on it holds.
             */
            readonly effectiveFrom: string;
            /** Whether it holds now. */
            readonly inForce: boolean;
            readonly price: components["schemas"]["Price"];
            /** Id of the principal that set it. */
            readonly changedBy: string;
            /**
             * Format: date-time
             * When it was set.
             */
            readonly changedAt: string;
        };
        readonly Problem: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            /** Stable code of the error. */
            readonly code: string;
            readonly detail: string;
            /** Quote it when you report the problem. */
            readonly requestId: string;
            /** Facts of the error, by name. */
            readonly details?: ({
                /**
                 * Of `registry.card-unreachable`: what happened at `url`.
                 */
                readonly cause?: ("host-unusable" | "host-unknown" | "address-forbidden" | "connection-refused" | "connection-failed" | "tls-failed" | "timeout" | "redirect" | "http-status" | "too-large" | "not-json" | "not-a-card") | undefined;
                /** The URL of the card, without its query. */
                readonly url?: string | undefined;
                /** The HTTP status that was answered, when the cause has one. */
                readonly status?: string | undefined;
                /** A code that says more; with the cause `tls-failed` that of the TLS error. */
                readonly reason?: string | undefined;
            } & {
                readonly [key: string]: string;
            }) | undefined;
            /** What is wrong with the request, field by field. */
            readonly violations?: readonly {
                readonly field: string;
                readonly description: string;
            }[] | undefined;
        };
        readonly Quote: {
            readonly agent: string;
            /** Id of the skill that is priced; absent: the agent. */
            readonly skill?: string | undefined;
            /** Where the price comes from. */
            readonly source: {
                readonly kind: "override" | "card" | "registration";
                /** The override is for this skill. */
                readonly skill?: string | undefined;
                /**
                 * Format: date-time
                 * Since when the override holds.
                 */
                readonly effectiveFrom?: string | undefined;
                /** The version of the card that states the price. */
                readonly cardVersion?: number | undefined;
            };
            readonly lines: readonly {
                readonly component: "call" | "items" | "seconds" | "unit" | "minimum";
                /** Name of the unit. */
                readonly unit?: string | undefined;
                /** Absent: it is not known. */
                readonly quantity?: number | undefined;
                /** For each one above the tiers. */
                readonly unitMicrocredits: number;
                /** What the line costs, rounded upward. */
                readonly amountMicrocredits: number;
                /**
                 * Where the quantity comes from: every call has it, the inputs, the estimate of the price, nowhere (the line costs the default of the tenant for unknown prices), or the minimum of the price.
                 */
                readonly basis: "fixed" | "inputs" | "estimate" | "unknown" | "minimum";
                /**
                 * Why the inputs say no number of items.
                 */
                readonly problem?: ("no-inputs" | "not-a-number" | "negative" | "too-large" | "too-many-nodes") | undefined;
            }[];
            /** The price of the agent, as far as the message tells it. */
            readonly totalMicrocredits: number;
            /** What a send would reserve now. */
            readonly reserveMicrocredits: number;
            /** The fallback agent that costs more, so its price would be reserved. */
            readonly reservedFor?: string | undefined;
            /**
             * A cached result would answer, at its part of the price.
             */
            readonly cached?: ("fresh" | "stale") | undefined;
            /** What the wallet of the tenant has now; absent when it suffices and the caller lacks `credits:read`. */
            readonly availableMicrocredits?: number | undefined;
            /** The budgets that would pay for the task; for a caller without `credits:read` only those that would refuse it. */
            readonly budgets: readonly {
                readonly name: string;
                readonly mode: "hard" | "soft";
                /** What its current window has left; below zero when overspent. */
                readonly leftMicrocredits: number;
                /** Whether it would let the task be recorded now. */
                readonly allows: boolean;
            }[];
            /** Whether the wallet and the budgets would pay what would be reserved. */
            readonly affordable: boolean;
        };
        readonly SealedAuditEntry: {
            /** Place in the tenant's chain. */
            readonly seq: number;
            /** SHA-256, as hex digits. */
            readonly hash: string;
            readonly entryId: string;
            /**
             * Format: date-time
             * When it happened, with microseconds.
             */
            readonly occurredAt: string;
            readonly actorId: string;
            /** Its name; absent when it is external, was erased or is not of the tenant. */
            readonly actorName?: string | undefined;
            readonly action: string;
            readonly outcome: "succeeded" | "failed" | "refused";
            readonly resource: string;
            readonly requestId: string;
            readonly facts: {
                readonly [key: string]: string;
            };
        };
        readonly Showback: {
            /** A month of UTC, such as 2026-11. */
            readonly month: string;
            /**
             * Format: date-time
             * When it begins.
             */
            readonly from: string;
            /**
             * Format: date-time
             * When the next one begins.
             */
            readonly to: string;
            /** Entries of the audit chain that are not counted yet; ended tasks may be among them. */
            readonly pendingEntries: number;
            /** What the ledger took for tasks in the month. The same as `total.usedMicrocredits` once the month is over and nothing is pending. */
            readonly ledgerMicrocredits: number;
            readonly total: {
                /** Tasks that ended. */
                readonly calls: number;
                /** Of those, tasks that an agent completed, */
                readonly completed: number;
                /** that a cached result answered, */
                readonly cached: number;
                /** that failed, */
                readonly failed: number;
                /** that were canceled, */
                readonly canceled: number;
                /** and that were rejected. */
                readonly rejected: number;
                /** Paid from reservations. */
                readonly settledMicrocredits: number;
                /** Paid above reservations, from what was available. */
                readonly chargedMicrocredits: number;
                /** Used beyond what was granted. */
                readonly overageMicrocredits: number;
                /** The sum of the three. */
                readonly usedMicrocredits: number;
                /** Items of tasks whose price depends on what they took. */
                readonly items: number;
                /** Working time of these tasks. */
                readonly workedMs: number;
                /** What these tasks took of the units that the price names. */
                readonly units: {
                    readonly [key: string]: number;
                };
            };
            readonly departments: readonly {
                /** Empty: tasks of no department. */
                readonly department: string;
                /** Of all that the tenant used; two decimals. */
                readonly sharePercent: number;
                /** Tasks that ended. */
                readonly calls: number;
                /** Of those, tasks that an agent completed, */
                readonly completed: number;
                /** that a cached result answered, */
                readonly cached: number;
                /** that failed, */
                readonly failed: number;
                /** that were canceled, */
                readonly canceled: number;
                /** and that were rejected. */
                readonly rejected: number;
                /** Paid from reservations. */
                readonly settledMicrocredits: number;
                /** Paid above reservations, from what was available. */
                readonly chargedMicrocredits: number;
                /** Used beyond what was granted. */
                readonly overageMicrocredits: number;
                /** The sum of the three. */
                readonly usedMicrocredits: number;
                /** Items of tasks whose price depends on what they took. */
                readonly items: number;
                /** Working time of these tasks. */
                readonly workedMs: number;
                /** What these tasks took of the units that the price names. */
                readonly units: {
                    readonly [key: string]: number;
                };
                readonly costCenters: readonly {
                    /** Empty: tasks of no cost center. */
                    readonly costCenter: string;
                    /** Tasks that ended. */
                    readonly calls: number;
                    /** Of those, tasks that an agent completed, */
                    readonly completed: number;
                    /** that a cached result answered, */
                    readonly cached: number;
                    /** that failed, */
                    readonly failed: number;
                    /** that were canceled, */
                    readonly canceled: number;
                    /** and that were rejected. */
                    readonly rejected: number;
                    /** Paid from reservations. */
                    readonly settledMicrocredits: number;
                    /** Paid above reservations, from what was available. */
                    readonly chargedMicrocredits: number;
                    /** Used beyond what was granted. */
                    readonly overageMicrocredits: number;
                    /** The sum of the three. */
                    readonly usedMicrocredits: number;
                    /** Items of tasks whose price depends on what they took. */
                    readonly items: number;
                    /** Working time of these tasks. */
                    readonly workedMs: number;
                    /** What these tasks took of the units that the price names. */
                    readonly units: {
                        readonly [key: string]: number;
                    };
                }[];
            }[];
        };
        readonly Skill: {
            readonly id: string;
            readonly name: string;
            readonly description: string;
            readonly tags: readonly string[];
            /** Whether sending one messageId twice does the work once. */
            readonly idempotent: boolean;
            /** Price of one completed task. */
            readonly priceMicrocredits: number;
            /** How long a task usually takes. */
            readonly estimatedMs?: number | undefined;
            /** How long a result may be used again. */
            readonly cacheTtlMs?: number | undefined;
            /** JSON Schema 2020-12 of its input. */
            readonly inputSchema?: Record<string, unknown> | undefined;
            /** JSON Schema 2020-12 of its output. */
            readonly outputSchema?: Record<string, unknown> | undefined;
        };
        readonly Stop: {
            /** `agent`, `principal` or `tenant`. */
            readonly kind: string;
            /** Name of the agent or id of the principal; absent for the tenant. */
            readonly name?: string | undefined;
            /** Why, for people; kept in the audit log. */
            readonly reason: string;
            /** Id of the principal that suspended it. */
            readonly stoppedBy: string;
            /**
             * Format: date-time
             * Since when it is suspended.
             */
            readonly stoppedAt: string;
        };
        readonly TaskSummary: {
            readonly taskId: string;
            /** Name of the agent. */
            readonly agent: string;
            /** Id of the principal that sent it. */
            readonly ownerId: string;
            /** Its name; absent when it is external, was erased or is not of the tenant. */
            readonly ownerName?: string | undefined;
            readonly state: "submitted" | "working" | "input-required" | "auth-required" | "completed" | "failed" | "canceled" | "rejected";
            /** Why it failed. */
            readonly errorCode?: string | undefined;
            /**
             * The price that was reserved when the task was recorded. In millionths of a credit.
             * @example 100000000
             */
            readonly reservedMicrocredits: number;
            /**
             * What was charged at the end; 0 before. More than was reserved only where the overage policy says so. In millionths of a credit.
             * @example 60000000
             */
            readonly settledMicrocredits: number;
            /**
             * The part of the reservation that was refunded at the end; 0 before. In millionths of a credit.
             * @example 40000000
             */
            readonly releasedMicrocredits: number;
            /**
             * Format: date-time
             * When it was recorded.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * When its state last changed.
             */
            readonly statusAt: string;
        };
        readonly Tenant: {
            /** Part of every public address of the tenant; never changes. */
            readonly slug: string;
            /** For people. */
            readonly name: string;
            /**
             * Format: date-time
             * When it was created.
             */
            readonly createdAt: string;
        };
        readonly UpdatedCard: {
            readonly version: components["schemas"]["CardVersion"];
            readonly diff: components["schemas"]["CardDiff"];
        };
        readonly Usage: {
            /**
             * Format: date-time
             * The first hour of the period.
             */
            readonly from: string;
            /**
             * Format: date-time
             * The end of its last hour.
             */
            readonly to: string;
            /** Entries of the audit chain that are not counted yet; ended tasks may be among them. */
            readonly pendingEntries: number;
            /** Of the whole period, whatever page this is. */
            readonly total: {
                /** Tasks that ended. */
                readonly calls: number;
                /** Of those, tasks that an agent completed, */
                readonly completed: number;
                /** that a cached result answered, */
                readonly cached: number;
                /** that failed, */
                readonly failed: number;
                /** that were canceled, */
                readonly canceled: number;
                /** and that were rejected. */
                readonly rejected: number;
                /** Paid from reservations. */
                readonly settledMicrocredits: number;
                /** Paid above reservations, from what was available. */
                readonly chargedMicrocredits: number;
                /** Used beyond what was granted. */
                readonly overageMicrocredits: number;
                /** The sum of the three. */
                readonly usedMicrocredits: number;
                /** Items of tasks whose price depends on what they took. */
                readonly items: number;
                /** Working time of these tasks. */
                readonly workedMs: number;
                /** What these tasks took of the units that the price names. */
                readonly units: {
                    readonly [key: string]: number;
                };
            };
            readonly items: readonly components["schemas"]["UsageGroup"][];
            /** Give it as `after` for the next page; absent on the last page. */
            readonly next?: string | undefined;
        };
        /** Has the members that the report is grouped by. */
        readonly UsageGroup: {
            /**
             * Format: date-time
             * When the hour, day or month begins, in UTC.
             */
            readonly startsAt?: string | undefined;
            /** The agent that did the work. */
            readonly agent?: string | undefined;
            /** The skill that the message named; empty: none. */
            readonly skill?: string | undefined;
            /** Of the client, or else of the agent that the task was sent to; empty: none. */
            readonly department?: string | undefined;
            /** As the department. */
            readonly costCenter?: string | undefined;
            /** Id of the principal that sent the tasks. */
            readonly clientId?: string | undefined;
            /** Tasks that ended. */
            readonly calls: number;
            /** Of those, tasks that an agent completed, */
            readonly completed: number;
            /** that a cached result answered, */
            readonly cached: number;
            /** that failed, */
            readonly failed: number;
            /** that were canceled, */
            readonly canceled: number;
            /** and that were rejected. */
            readonly rejected: number;
            /** Paid from reservations. */
            readonly settledMicrocredits: number;
            /** Paid above reservations, from what was available. */
            readonly chargedMicrocredits: number;
            /** Used beyond what was granted. */
            readonly overageMicrocredits: number;
            /** The sum of the three. */
            readonly usedMicrocredits: number;
            /** Items of tasks whose price depends on what they took. */
            readonly items: number;
            /** Working time of these tasks. */
            readonly workedMs: number;
            /** What these tasks took of the units that the price names. */
            readonly units: {
                readonly [key: string]: number;
            };
        };
        readonly Operations: {
            /** Register an agent by its card or by the address of its card. Scope: `agents:write`. */
            readonly registerAgent: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: components["schemas"]["AgentRegistration"];
                };
                readonly answer: components["schemas"]["Agent"];
            };
            /** List the agents of the tenant in the order of their names. Scope: `a2a:read`. */
            readonly listAgents: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Agent"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Get one agent of the tenant. Scope: `a2a:read`. */
            readonly getAgent: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
                readonly answer: components["schemas"]["Agent"];
            };
            /** Take an agent out of service; its open tasks go on and its name is free. Scope: `agents:write`. */
            readonly deregisterAgent: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
            };
            /** Find the agents that are as wanted, by name or, with text, the best first; with an entity tag. Scope: `a2a:read`. */
            readonly searchAgents: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** Words of its name, card and skills: "quoted phrases", or, -not; the best come first. */
                    readonly text?: string | undefined;
                    /** How its name begins. */
                    readonly name?: string | undefined;
                    /** The id of one of its skills. */
                    readonly skill?: string | undefined;
                    /** A tag of one of its skills, in any case. */
                    readonly tag?: string | undefined;
                    /** The id or a tag of a skill, a capability that its card declares, or the URI of an extension. */
                    readonly capability?: string | undefined;
                    /** Its department. */
                    readonly department?: string | undefined;
                    /**
                     * Its SLA tier.
                     */
                    readonly tier?: ("gold" | "silver" | "bronze") | undefined;
                    /** One of its regions. */
                    readonly region?: string | undefined;
                    /**
                     * What its owner says of it.
                     */
                    readonly status?: ("active" | "maintenance" | "deprecated") | undefined;
                    /**
                     * The best health of its instances that take new tasks.
                     */
                    readonly health?: ("healthy" | "degraded" | "unknown" | "unhealthy") | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Agent"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** List the skills of an agent with their schemas, prices and promises; with an entity tag. Scope: `a2a:read`. */
            readonly listSkills: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Skill"][];
                };
            };
            /** List the alerts about the credits of the tenant, newest first. Scope: `credits:read`. */
            readonly listAlerts: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    readonly kind?: ("budget-threshold" | "burn-rate" | "low-credit" | "drift") | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["CreditAlert"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Create an API key; its scopes must be scopes of the caller, and at most two keys of one name are valid. Scope: `clients:write`. */
            readonly createApiKey: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** For people; keys of one name act as one principal. */
                        readonly name: string;
                        /** What it may do. */
                        readonly scopes: readonly string[];
                        /** Names of the agents that it may call; without it every agent of the tenant. */
                        readonly agents?: readonly string[] | undefined;
                        /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
                        readonly department?: string | undefined;
                        /** The same for the cost center. */
                        readonly costCenter?: string | undefined;
                        /** @default 90 */
                        readonly expiresInDays?: number | undefined;
                    };
                };
                readonly answer: {
                    readonly keyId: string;
                    /** Who acts with it, the same for all keys of one name. */
                    readonly principalId: string;
                    /** For people; keys of one name act as one principal. */
                    readonly name: string;
                    /** What it may do. */
                    readonly scopes: readonly string[];
                    /** Names of the agents that it may call; without it every agent of the tenant. */
                    readonly agents?: readonly string[] | undefined;
                    /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
                    readonly department?: string | undefined;
                    /** The same for the cost center. */
                    readonly costCenter?: string | undefined;
                    /** Id of the principal that created it. */
                    readonly createdBy: string;
                    /**
                     * Format: date-time
                     * When it was created.
                     */
                    readonly createdAt: string;
                    /**
                     * Format: date-time
                     * When it ends.
                     */
                    readonly expiresAt: string;
                    /**
                     * Format: date-time
                     * When it was last used, to about a minute.
                     */
                    readonly lastUsedAt?: string | undefined;
                    /**
                     * Format: date-time
                     * Since when it is refused.
                     */
                    readonly revokedAt?: string | undefined;
                    /** Shown this once. */
                    readonly apiKey: string;
                };
            };
            /** List the API keys of the tenant, oldest first, those that are out too. Scope: `clients:write`. */
            readonly listApiKeys: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly keyId: string;
                        /** Who acts with it, the same for all keys of one name. */
                        readonly principalId: string;
                        /** For people; keys of one name act as one principal. */
                        readonly name: string;
                        /** What it may do. */
                        readonly scopes: readonly string[];
                        /** Names of the agents that it may call; without it every agent of the tenant. */
                        readonly agents?: readonly string[] | undefined;
                        /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
                        readonly department?: string | undefined;
                        /** The same for the cost center. */
                        readonly costCenter?: string | undefined;
                        /** Id of the principal that created it. */
                        readonly createdBy: string;
                        /**
                         * Format: date-time
                         * When it was created.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * When it ends.
                         */
                        readonly expiresAt: string;
                        /**
                         * Format: date-time
                         * When it was last used, to about a minute.
                         */
                        readonly lastUsedAt?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is refused.
                         */
                        readonly revokedAt?: string | undefined;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Revoke an API key; it is refused within seconds. Scope: `clients:write`. */
            readonly revokeApiKey: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly key: string;
                };
            };
            /** List the audit entries of the tenant, oldest first. Scope: `audit:read`. */
            readonly listAuditEntries: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    /** Only entries about this resource. */
                    readonly resource?: string | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["AuditEntry"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Make every personal fact about a subject unreadable, for ever. Scope: `audit:erase`. */
            readonly eraseAuditSubject: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** Id of the principal that the facts are about. */
                        readonly subjectId: string;
                    };
                };
                readonly answer: {
                    readonly subjectId: string;
                    /** False: it had been done before. */
                    readonly isNew: boolean;
                };
            };
            /** Search the sealed audit entries of the tenant, newest first. Scope: `audit:read`. */
            readonly searchAudit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    /** Entries from then on. */
                    readonly from?: string | undefined;
                    /** Entries before then. */
                    readonly until?: string | undefined;
                    /** Only what this principal did. */
                    readonly actor?: string | undefined;
                    readonly action?: ("client.created" | "client.allocated" | "client.revoked" | "token.exchanged" | "token.revoked" | "grant.revoked" | "signing-key.rotated" | "signing-key.dropped" | "client-secret.added" | "client-secret.revoked" | "client-authority.added" | "client-authority.removed" | "access.refused" | "grant.created" | "grant.removed" | "agent.stopped" | "agent.resumed" | "principal.stopped" | "principal.resumed" | "tenant.stopped" | "tenant.resumed" | "credits.alert-raised" | "api-key.created" | "api-key.revoked" | "subject.erased" | "audit.retention-set" | "audit.pruned" | "budget.set" | "budget.unset" | "push-subscription.created" | "push-subscription.deleted" | "delivery.replayed" | "webhook-secret.rotated" | "egress.allowed" | "egress.removed" | "event-sink.set" | "event-sink.unset" | "event-sink.tested" | "event-sink.replayed" | "event-sink.secret-rotated" | "instance.registered" | "instance.changed" | "instance.drained" | "instance.quarantined" | "instance.admitted" | "instance.removed" | "probe.changed" | "issuer.registered" | "issuer.changed" | "issuer.removed" | "limit.set" | "limit.unset" | "credits.granted" | "credits.lapsed" | "credits.transferred-out" | "credits.transferred-in" | "credits.settings-changed" | "credits.drift-found" | "person.created" | "person.disabled" | "person.enabled" | "person.link-created" | "person.password-set" | "person.signed-in" | "client.sign-in-set" | "price.set" | "price.unset" | "agent.registered" | "agent.deregistered" | "agent.keys-pinned" | "card.rolled-back" | "card.published" | "card.proposed" | "card.approved" | "card.rejected" | "resilience.set" | "resilience.unset" | "task.served" | "result-terms.set" | "result-terms.unset" | "results.purged" | "routing.set" | "routing.unset" | "secret.unreadable" | "secret.rotation-asked" | "sla.objective-set" | "sla.objective-unset" | "task.completed" | "task.failed" | "task.canceled" | "task.rejected" | "task.refused" | "task.replayed" | "delegation.depth-set" | "tenant.created" | "card-key.added" | "card-key.revoked" | "card-policy.changed") | undefined;
                    /** Only what was done to this. */
                    readonly resource?: string | undefined;
                    readonly outcome?: ("succeeded" | "failed" | "refused") | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["SealedAuditEntry"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Export a part of the chain as JSON Lines, CEF or OTLP logs. Scope: `audit:read`. */
            readonly exportAudit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** @default 0 */
                    readonly afterSeq?: number | undefined;
                    /** @default 1000 */
                    readonly limit?: number | undefined;
                    readonly format?: ("jsonl" | "cef" | "otlp") | undefined;
                };
                readonly answer: {
                    readonly lines: readonly string[];
                    /** Give it as `afterSeq` for what follows; absent at the end. */
                    readonly next?: number | undefined;
                };
            };
            /** List the signed checkpoints over the chain of the tenant, shortest first. Scope: `audit:read`. */
            readonly listAuditCheckpoints: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** Entries from the first on. */
                    readonly afterSize?: number | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        /** Entries from the first on. */
                        readonly size: number;
                        /**
                         * Format: date-time
                         * When it was signed.
                         */
                        readonly createdAt: string;
                        readonly line: string;
                    }[];
                    readonly next?: number | undefined;
                };
            };
            /** Read the public key that checkpoints are signed with, as a JWK. Scope: `audit:read`. */
            readonly readAuditKey: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: {
                    /** @constant */
                    readonly kty: "OKP";
                    /** @constant */
                    readonly crv: "Ed25519";
                    readonly x: string;
                    readonly kid: string;
                    /** @constant */
                    readonly alg: "EdDSA";
                    /** @constant */
                    readonly use: "sig";
                };
            };
            /** Prove that an entry is in the chain (RFC 9162 section 2.1.3). Scope: `audit:read`. */
            readonly proveAuditInclusion: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** Place in the tenant's chain. */
                    readonly seq?: number | undefined;
                    /** Entries from the first on. */
                    readonly size?: number | undefined;
                };
                readonly answer: {
                    /** Place in the tenant's chain. */
                    readonly seq: number;
                    /** Entries from the first on. */
                    readonly size: number;
                    /** SHA-256, as hex digits. */
                    readonly leaf: string;
                    /** SHA-256, as hex digits. */
                    readonly root: string;
                    /** RFC 9162 section 2.1, the nearest first. */
                    readonly proof: readonly string[];
                };
            };
            /** Prove that the chain begins with what it was earlier (RFC 9162 section 2.1.4). Scope: `audit:read`. */
            readonly proveAuditConsistency: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** Entries from the first on. */
                    readonly earlier?: number | undefined;
                    /** Entries from the first on. */
                    readonly size?: number | undefined;
                };
                readonly answer: {
                    /** Entries from the first on. */
                    readonly earlier: number;
                    /** Entries from the first on. */
                    readonly size: number;
                    /** SHA-256, as hex digits. */
                    readonly root: string;
                    /** RFC 9162 section 2.1, the nearest first. */
                    readonly proof: readonly string[];
                };
            };
            /** Read how long the tenant keeps its audit entries, and where its chain begins. Scope: `audit:read`. */
            readonly readAuditRetention: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: {
                    /** Days for which entries are kept at least; absent: for ever. */
                    readonly keepDays?: number | undefined;
                    /** Entries from the first on that were pruned; the chain begins behind them. */
                    readonly prunedThroughSeq: number;
                };
            };
            /** Set for how long the tenant keeps its audit entries at least. Scope: `audit:erase`. */
            readonly setAuditRetention: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** Days for which entries are kept at least. */
                        readonly keepDays: number;
                    };
                };
                readonly answer: {
                    /** Days for which entries are kept at least; absent: for ever. */
                    readonly keepDays?: number | undefined;
                    /** Entries from the first on that were pruned; the chain begins behind them. */
                    readonly prunedThroughSeq: number;
                };
            };
            /** Take away the audit entries that are exported, signed over and older than the tenant keeps them. Scope: `audit:erase`. */
            readonly pruneAudit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** Exported up to there. */
                        readonly throughSeq: number;
                        /** Of that entry, as the export has it. */
                        readonly hash: string;
                    };
                };
                readonly answer: {
                    /** Entries from the first on that were pruned; the chain begins behind them. */
                    readonly prunedThroughSeq: number;
                    /** How many went. */
                    readonly entries: number;
                };
            };
            /** List the budgets of the tenant, with what each has left, in the order of their names. Scope: `credits:read`. */
            readonly listBudgets: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Budget"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Get one budget of the tenant, with what open tasks hold of it and when it runs out. Scope: `credits:read`. */
            readonly getBudget: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly budget: string;
                };
                readonly answer: components["schemas"]["BudgetDetails"];
            };
            /** Set a budget of the tenant, instead of what was set before. Scope: `limits:write`. */
            readonly setBudget: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly budget: string;
                    readonly body: {
                        /**
                         * Whose tasks it pays for. Default: tenant.
                         */
                        readonly scope?: ("tenant" | "agent" | "skill" | "client" | "department" | "cost-center") | undefined;
                        /** The name of an agent, `agent/skill`, the id of a client or another principal, a department, or a cost center; absent for the whole tenant. */
                        readonly subject?: string | undefined;
                        /** What may be spent in one period. 0: only free tasks. */
                        readonly limitMicrocredits: number;
                        /**
                         * Days and months of UTC.
                         */
                        readonly period: "day" | "month" | "total";
                        /**
                         * hard: refuses tasks that it does not pay for; soft: raises alerts only. Default: hard.
                         */
                        readonly mode?: ("hard" | "soft") | undefined;
                        /** An alert is raised when so many percent of the limit are spent; by default at 50, 80, 100. */
                        readonly alertPercents?: readonly number[] | undefined;
                        /** An alert is raised when credits are spent this many times faster than evenly over the period; absent: none. */
                        readonly burnRateFactor?: number | undefined;
                    };
                };
                readonly answer: components["schemas"]["Budget"];
            };
            /** Remove a budget of the tenant, and forget what it was charged. Scope: `limits:write`. */
            readonly unsetBudget: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly budget: string;
                };
            };
            /** Read an agent’s card anew; what changes where it is, its security or its skills may have to be approved. Scope: `agents:write`. */
            readonly updateCard: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: components["schemas"]["CardUpdate"];
                };
                readonly answer: components["schemas"]["UpdatedCard"];
            };
            /** Get the card as the agent published it, with its own addresses and signatures. Scope: `agents:write`. */
            readonly getOriginalCard: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Number of a card version. */
                    readonly version?: number | undefined;
                };
                readonly answer: components["schemas"]["OriginalCard"];
            };
            /** Say what an agent is beyond its protocol; it makes a new version of its card, which may have to be approved. Scope: `agents:write`. */
            readonly setProfile: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: {
                        readonly profile: object | null;
                    };
                };
                readonly answer: components["schemas"]["UpdatedCard"];
            };
            /** List the versions of an agent’s card, newest first. Scope: `a2a:read`. */
            readonly listCardVersions: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["CardVersion"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Compare two versions of a card; by default the one in use with the one that waits, or with the one before. Scope: `agents:write`. */
            readonly compareCards: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Number of a card version. */
                    readonly from?: number | undefined;
                    /** Number of a card version. */
                    readonly to?: number | undefined;
                };
                readonly answer: components["schemas"]["ComparedCards"];
            };
            /** Approve a card version that waits; messages are routed by it from then on. Scope: `agents:approve`. */
            readonly approveCardVersion: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly version: string;
                };
                readonly answer: components["schemas"]["CardVersion"];
            };
            /** Reject a card version that waits; the one in use stays. Scope: `agents:approve`. */
            readonly rejectCardVersion: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly version: string;
                };
                readonly answer: components["schemas"]["CardVersion"];
            };
            /** Use a card version again that was in use before; messages are routed by it from then on. Scope: `agents:approve`. */
            readonly rollBackCard: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly version: string;
                };
                readonly answer: components["schemas"]["CardVersion"];
            };
            /** Trust a public key: cards that it signed are verified from now on. Scope: `agents:approve`. */
            readonly addCardKey: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** For people. */
                        readonly name: string;
                        /** A public JSON Web Key (RFC 7517) with the `kid` that signatures name: EC, Ed25519, or RSA from 2048 bits. */
                        readonly jwk: object;
                    };
                };
                readonly answer: components["schemas"]["CardKey"];
            };
            /** List the trusted card keys of the tenant in the order of their ids, revoked ones too. Scope: `a2a:read`. */
            readonly listCardKeys: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["CardKey"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Revoke a trusted card key; its id is never used again. Scope: `agents:approve`. */
            readonly revokeCardKey: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly kid: string;
                };
            };
            /** Get what the tenant demands of the cards of its agents. Scope: `a2a:read`. */
            readonly getCardPolicy: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: components["schemas"]["CardPolicy"];
            };
            /** Set what the tenant demands of the cards of its agents, from now on. Scope: `agents:approve`. */
            readonly setCardPolicy: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: components["schemas"]["CardPolicy"];
                };
                readonly answer: components["schemas"]["CardPolicy"];
            };
            /** List what the endpoints of the agents have shown of themselves, and the keys that they have to show. Scope: `agents:write`. */
            readonly listCertificates: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly agent: string;
                        /** Scheme, host and port that the agent is called at there; empty when it has no instance. */
                        readonly origin: string;
                        /** Ids of its instances there, the oldest first; those that left or fell silent are not among them. */
                        readonly instances: readonly string[];
                        readonly pinnedKeys: readonly string[];
                        /** The certificate that the endpoint showed last; absent when it was never checked. */
                        readonly seen?: {
                            readonly subject: string;
                            readonly issuer: string;
                            /**
                             * Format: date-time
                             * When it begins.
                             */
                            readonly notBefore: string;
                            /**
                             * Format: date-time
                             * When it ends.
                             */
                            readonly notAfter: string;
                            /** SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix. */
                            readonly keyPin: string;
                            /** Whether its key is a pinned one; absent when any key will do. Calls to it fail: not. */
                            readonly pinned?: boolean | undefined;
                            /** Why calls to it fail: a code of TLS such as `CERT_HAS_EXPIRED`. */
                            readonly problem?: string | undefined;
                            /**
                             * It has ended, or does within three weeks.
                             */
                            readonly warning?: ("ended" | "ends-soon") | undefined;
                            /**
                             * Format: date-time
                             * When it was checked.
                             */
                            readonly checkedAt: string;
                        } | undefined;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Check the certificates of the endpoints of an agent now, or one of them. Scope: `agents:write`. */
            readonly checkCertificate: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** The one endpoint to check, as the list shows it. */
                    readonly origin?: string | undefined;
                };
                /** The first endpoint that could be checked, and all of them. */
                readonly answer: {
                    readonly agent: string;
                    /** Scheme, host and port that the agent is called at there; empty when it has no instance. */
                    readonly origin: string;
                    /** Ids of its instances there, the oldest first; those that left or fell silent are not among them. */
                    readonly instances: readonly string[];
                    readonly pinnedKeys: readonly string[];
                    /** The certificate that the endpoint showed last; absent when it was never checked. */
                    readonly seen?: {
                        readonly subject: string;
                        readonly issuer: string;
                        /**
                         * Format: date-time
                         * When it begins.
                         */
                        readonly notBefore: string;
                        /**
                         * Format: date-time
                         * When it ends.
                         */
                        readonly notAfter: string;
                        /** SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix. */
                        readonly keyPin: string;
                        /** Whether its key is a pinned one; absent when any key will do. Calls to it fail: not. */
                        readonly pinned?: boolean | undefined;
                        /** Why calls to it fail: a code of TLS such as `CERT_HAS_EXPIRED`. */
                        readonly problem?: string | undefined;
                        /**
                         * It has ended, or does within three weeks.
                         */
                        readonly warning?: ("ended" | "ends-soon") | undefined;
                        /**
                         * Format: date-time
                         * When it was checked.
                         */
                        readonly checkedAt: string;
                    } | undefined;
                    /** Every endpoint of the agent that was asked for, that of its oldest instance first. */
                    readonly endpoints: readonly {
                        readonly agent: string;
                        /** Scheme, host and port that the agent is called at there; empty when it has no instance. */
                        readonly origin: string;
                        /** Ids of its instances there, the oldest first; those that left or fell silent are not among them. */
                        readonly instances: readonly string[];
                        readonly pinnedKeys: readonly string[];
                        /** The certificate that the endpoint showed last; absent when it was never checked. */
                        readonly seen?: {
                            readonly subject: string;
                            readonly issuer: string;
                            /**
                             * Format: date-time
                             * When it begins.
                             */
                            readonly notBefore: string;
                            /**
                             * Format: date-time
                             * When it ends.
                             */
                            readonly notAfter: string;
                            /** SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix. */
                            readonly keyPin: string;
                            /** Whether its key is a pinned one; absent when any key will do. Calls to it fail: not. */
                            readonly pinned?: boolean | undefined;
                            /** Why calls to it fail: a code of TLS such as `CERT_HAS_EXPIRED`. */
                            readonly problem?: string | undefined;
                            /**
                             * It has ended, or does within three weeks.
                             */
                            readonly warning?: ("ended" | "ends-soon") | undefined;
                            /**
                             * Format: date-time
                             * When it was checked.
                             */
                            readonly checkedAt: string;
                        } | undefined;
                        /** Why it was not checked: a code such as `registry.endpoint-unreachable`. */
                        readonly failure?: string | undefined;
                    }[];
                };
            };
            /** Set the keys of which the endpoints of an agent have to show one; with none, any key will do. Scope: `agents:approve`. */
            readonly pinKeys: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: {
                        readonly keys: readonly string[];
                    };
                };
                /** The first endpoint that could be checked, and all of them. */
                readonly answer: {
                    readonly agent: string;
                    /** Scheme, host and port that the agent is called at there; empty when it has no instance. */
                    readonly origin: string;
                    /** Ids of its instances there, the oldest first; those that left or fell silent are not among them. */
                    readonly instances: readonly string[];
                    readonly pinnedKeys: readonly string[];
                    /** The certificate that the endpoint showed last; absent when it was never checked. */
                    readonly seen?: {
                        readonly subject: string;
                        readonly issuer: string;
                        /**
                         * Format: date-time
                         * When it begins.
                         */
                        readonly notBefore: string;
                        /**
                         * Format: date-time
                         * When it ends.
                         */
                        readonly notAfter: string;
                        /** SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix. */
                        readonly keyPin: string;
                        /** Whether its key is a pinned one; absent when any key will do. Calls to it fail: not. */
                        readonly pinned?: boolean | undefined;
                        /** Why calls to it fail: a code of TLS such as `CERT_HAS_EXPIRED`. */
                        readonly problem?: string | undefined;
                        /**
                         * It has ended, or does within three weeks.
                         */
                        readonly warning?: ("ended" | "ends-soon") | undefined;
                        /**
                         * Format: date-time
                         * When it was checked.
                         */
                        readonly checkedAt: string;
                    } | undefined;
                    /** Every endpoint of the agent that was asked for, that of its oldest instance first. */
                    readonly endpoints: readonly {
                        readonly agent: string;
                        /** Scheme, host and port that the agent is called at there; empty when it has no instance. */
                        readonly origin: string;
                        /** Ids of its instances there, the oldest first; those that left or fell silent are not among them. */
                        readonly instances: readonly string[];
                        readonly pinnedKeys: readonly string[];
                        /** The certificate that the endpoint showed last; absent when it was never checked. */
                        readonly seen?: {
                            readonly subject: string;
                            readonly issuer: string;
                            /**
                             * Format: date-time
                             * When it begins.
                             */
                            readonly notBefore: string;
                            /**
                             * Format: date-time
                             * When it ends.
                             */
                            readonly notAfter: string;
                            /** SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix. */
                            readonly keyPin: string;
                            /** Whether its key is a pinned one; absent when any key will do. Calls to it fail: not. */
                            readonly pinned?: boolean | undefined;
                            /** Why calls to it fail: a code of TLS such as `CERT_HAS_EXPIRED`. */
                            readonly problem?: string | undefined;
                            /**
                             * It has ended, or does within three weeks.
                             */
                            readonly warning?: ("ended" | "ends-soon") | undefined;
                            /**
                             * Format: date-time
                             * When it was checked.
                             */
                            readonly checkedAt: string;
                        } | undefined;
                        /** Why it was not checked: a code such as `registry.endpoint-unreachable`. */
                        readonly failure?: string | undefined;
                    }[];
                };
            };
            /** List the certificates that the answering process shows to its callers. Scope: `platform:operate`. */
            readonly listListenerCertificates: {
                readonly answer: {
                    readonly items: readonly {
                        readonly listener: "http" | "grpc";
                        readonly subject: string;
                        readonly issuer: string;
                        /** The names that it is for, as the certificate lists them. */
                        readonly names: string;
                        /**
                         * Format: date-time
                         * When it begins.
                         */
                        readonly notBefore: string;
                        /**
                         * Format: date-time
                         * When it ends.
                         */
                        readonly notAfter: string;
                        /** SHA-256 of a public key (SPKI) in base64, as in `sha256//…` of curl without its prefix. */
                        readonly keyPin: string;
                    }[];
                };
            };
            /** Give an OAuth client a second secret, to replace its first without a pause. Scope: `clients:write`. */
            readonly addClientSecret: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                    readonly body: {
                        /** After this time the secret ends; left out, it does not. */
                        readonly lifeSeconds?: number | undefined;
                    };
                };
                readonly answer: {
                    readonly secretId: string;
                    /**
                     * Format: date-time
                     * When it was made.
                     */
                    readonly createdAt: string;
                    /**
                     * Format: date-time
                     * When it ends by itself.
                     */
                    readonly expiresAt?: string | undefined;
                    /**
                     * Format: date-time
                     * When it was ended.
                     */
                    readonly revokedAt?: string | undefined;
                    /** Shown this once. */
                    readonly clientSecret: string;
                };
            };
            /** List the secrets of an OAuth client, oldest first, ended ones too, without themselves. Scope: `clients:write`. */
            readonly listClientSecrets: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["ClientSecret"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** End a secret of an OAuth client; no token is issued for it any more. Scope: `clients:write`. */
            readonly revokeClientSecret: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                    readonly secret: string;
                };
            };
            /** Trust an authority to issue certificates to the tenant’s clients. Scope: `clients:write`. */
            readonly addClientAuthority: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** For people. */
                        readonly name: string;
                        /** One certificate as PEM text. */
                        readonly certificate: string;
                    };
                };
                readonly answer: components["schemas"]["ClientAuthority"];
            };
            /** List the authorities whose certificates the tenant’s clients may present, oldest first. Scope: `clients:write`. */
            readonly listClientAuthorities: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["ClientAuthority"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Trust an authority no more; its certificates obtain no tokens from now on. Scope: `clients:write`. */
            readonly removeClientAuthority: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly authority: string;
                };
            };
            /** Create an OAuth client of the tenant; its scopes must be scopes of the caller. Scope: `clients:write`. */
            readonly createClient: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** For people; unique in the tenant. */
                        readonly name: string;
                        /** OAuth scopes it may ask for. */
                        readonly scopes: readonly string[];
                        /** How the client proves itself at the token endpoint; left out, with a secret. */
                        readonly authentication?: {
                            readonly method: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "self_signed_tls_client_auth";
                            /** For private_key_jwt: public keys (RFC 7517): P-256, Ed25519, or RSA from 2048 bits. */
                            readonly jwks?: {
                                readonly keys: readonly object[];
                            } | undefined;
                            /** For tls_client_auth: the name that its certificate must show. A subject (`dn`) as RFC 4514 writes it, like `CN=worker,O=Example`. */
                            readonly subject?: {
                                readonly kind: "dn" | "dns" | "uri" | "ip" | "email";
                                readonly value: string;
                            } | undefined;
                            /** For self_signed_tls_client_auth: the certificates that it may present. */
                            readonly certificates?: readonly string[] | undefined;
                        } | undefined;
                        /**
                         * What its access tokens must be bound to: nothing (a key of DPoP proofs may be chosen at the token endpoint), such a key, or its certificate.
                         */
                        readonly tokenBinding?: ("none" | "dpop" | "certificate") | undefined;
                        /** After this time the secret ends; left out, it does not. */
                        readonly secretLifeSeconds?: number | undefined;
                        /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
                        readonly department?: string | undefined;
                        /** The same for the cost center. */
                        readonly costCenter?: string | undefined;
                    };
                };
                readonly answer: components["schemas"]["CreatedClient"];
            };
            /** List the OAuth clients of the tenant, oldest first, revoked ones too. Scope: `clients:write`. */
            readonly listClients: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Client"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Set the department and the cost center that the tasks of an OAuth client count for. Scope: `clients:write`. */
            readonly allocateClient: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                    readonly body: {
                        /** Its tasks count for this department, in usage and budgets, instead of that of the agent. */
                        readonly department?: string | undefined;
                        /** The same for the cost center. */
                        readonly costCenter?: string | undefined;
                    };
                };
                readonly answer: components["schemas"]["CostAllocation"];
            };
            /** Revoke an OAuth client; its tokens are refused within seconds. Scope: `clients:write`. */
            readonly revokeClient: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                };
            };
            /** Read how the credits of the tenant are charged. Scope: `credits:read`. */
            readonly readCreditSettings: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: components["schemas"]["CreditSettings"];
            };
            /** Set how the credits of the tenant are charged; what is not given gets its default. Scope: `platform:operate`. */
            readonly setCreditSettings: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /**
                         * cap: a task never costs more than was reserved for it. debit: the rest is charged, and owed when the wallet is empty.
                         */
                        readonly overagePolicy?: ("cap" | "debit") | undefined;
                        /** The most that the tenant may owe. */
                        readonly overageMaxMicrocredits?: number | undefined;
                        /** Reserved in place of a price, or a part of it, that cannot be computed. */
                        readonly unknownPriceMicrocredits?: number | undefined;
                        /** An alert is raised when less is available. Null for none. */
                        readonly lowCreditMicrocredits?: (number | null) | undefined;
                    };
                };
                readonly answer: components["schemas"]["CreditSettings"];
            };
            /** Add credits to the wallet of the tenant. Scope: `platform:operate`. */
            readonly grantCredits: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        readonly amountMicrocredits: number;
                        /** A UUID of your choice. Sending the grant again with it grants once. */
                        readonly grantId?: string | undefined;
                        /**
                         * Format: date-time
                         * What is left of the grant then expires. Absent: never.
                         */
                        readonly expiresAt?: string | undefined;
                    };
                };
                readonly answer: {
                    readonly grantId: string;
                    readonly balance: components["schemas"]["CreditBalance"];
                };
            };
            /** Move available credits of the tenant to another one. Scope: `platform:operate`. */
            readonly transferCredits: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** The tenant that receives. */
                        readonly to: string;
                        readonly amountMicrocredits: number;
                        /** A UUID of your choice. Sending the transfer again with it transfers once. */
                        readonly transferId?: string | undefined;
                    };
                };
                readonly answer: {
                    readonly transferId: string;
                    readonly balance: components["schemas"]["CreditBalance"];
                };
            };
            /** Read the wallet of the tenant. Scope: `credits:read`. */
            readonly readBalance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: components["schemas"]["CreditBalance"];
            };
            /** List the ledger entries of the tenant, newest first. Scope: `credits:read`. */
            readonly listLedgerEntries: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    /** Only the entries of this task. */
                    readonly taskId?: string | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["LedgerEntry"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Read what the last reconciliation of the credits of the tenant found. Scope: `credits:read`. */
            readonly readReconciliation: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: components["schemas"]["CreditReconciliation"];
            };
            /** Recompute every balance of the tenant from its ledger, and compare them with the wallet, open tasks and grants. Scope: `platform:operate`. */
            readonly reconcileCredits: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: components["schemas"]["CreditReconciliation"];
            };
            /** Read what moved the credits of the tenant in a month of UTC. Scope: `credits:read`. */
            readonly readCreditStatement: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly month: string;
                };
                readonly answer: components["schemas"]["CreditStatement"];
            };
            /** Read how deep the tenant's chains of tasks may be. Scope: `a2a:read`. */
            readonly readDelegationRule: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: {
                    /** Hops that a chain of tasks may have below its first one; without a word of the tenant's, the most. */
                    readonly depthMax: number;
                };
            };
            /** Set how deep the tenant's chains of tasks may be. Scope: `limits:write`. */
            readonly setDelegationRule: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** Hops that a chain of tasks may have below its first one; without a word of the tenant's, the most. */
                        readonly depthMax: number;
                    };
                };
                readonly answer: {
                    /** Hops that a chain of tasks may have below its first one; without a word of the tenant's, the most. */
                    readonly depthMax: number;
                };
            };
            /** List what was told to the receivers of push notifications, oldest task first. Scope: `deliveries:read`. */
            readonly listDeliveries: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    /** Only those of this task. */
                    readonly task?: string | undefined;
                    readonly state?: ("retrying" | "delivered" | "dead" | "replaying") | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Delivery"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Tell a receiver again, once and under the same id, what it was told or was to be told. Scope: `deliveries:write`. */
            readonly replayDelivery: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly delivery: string;
                };
                readonly answer: components["schemas"]["Delivery"];
            };
            /** Show the secret that the receiver of a delivery checks its signature with. Scope: `deliveries:write`. */
            readonly showSigningSecret: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly delivery: string;
                };
                readonly answer: {
                    /** Standard Webhooks secret: `whsec_` and base64. */
                    readonly signingSecret: string;
                };
            };
            /** Give the receiver of a delivery a new secret; for a while both sign. Scope: `deliveries:write`. */
            readonly rotateSigningSecret: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly delivery: string;
                    readonly body: {
                        /** How long the former secret signs as well; 0 after a leak. Default: one day. */
                        readonly overlapMs?: number | undefined;
                    };
                };
                readonly answer: {
                    /** Standard Webhooks secret: `whsec_` and base64. */
                    readonly signingSecret: string;
                    /**
                     * Format: date-time
                     * Until when the former secret signs as well.
                     */
                    readonly formerUntil: string;
                };
            };
            /** List the private addresses that the platform may call for the tenant. Scope: `platform:operate`. */
            readonly listEgressAllowances: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        /** A range such as `10.1.0.0/16`, one address, or the exact name of a host. */
                        readonly target: string;
                        readonly kind: "range" | "host";
                        /** Who allowed it. */
                        readonly allowedBy: string;
                        /**
                         * Format: date-time
                         * When it was allowed.
                         */
                        readonly createdAt: string;
                    }[];
                };
            };
            /** Let the platform call a private address for the tenant, and for no other. Scope: `platform:operate`. */
            readonly allowEgress: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** A range such as `10.1.0.0/16`, one address, or the exact name of a host. */
                        readonly target: string;
                    };
                };
                readonly answer: {
                    /** A range such as `10.1.0.0/16`, one address, or the exact name of a host. */
                    readonly target: string;
                    readonly kind: "range" | "host";
                    /** Who allowed it. */
                    readonly allowedBy: string;
                    /**
                     * Format: date-time
                     * When it was allowed.
                     */
                    readonly createdAt: string;
                };
            };
            /** Close a private address to the tenant again. Scope: `platform:operate`. */
            readonly removeEgressAllowance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** A range such as `10.1.0.0/16`, one address, or the exact name of a host. */
                    readonly target?: string | undefined;
                };
            };
            /** List the event sinks of the tenant in the order of their names. Scope: `deliveries:read`. */
            readonly listEventSinks: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["EventSink"][];
                };
            };
            /** Get one event sink of the tenant. Scope: `deliveries:read`. */
            readonly getEventSink: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                };
                readonly answer: components["schemas"]["EventSink"];
            };
            /** Add an event sink, or change its URL and types. Scope: `deliveries:write`. */
            readonly setEventSink: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                    readonly body: {
                        /**
                         * Format: uri
                         * Where events are posted. Private addresses need the permission of an operator.
                         */
                        readonly url: string;
                        /** Event types that the sink receives; `*` stands for any characters. */
                        readonly types: readonly string[];
                    };
                };
                readonly answer: components["schemas"]["EventSink"];
            };
            /** Remove an event sink with its dead letters. Scope: `deliveries:write`. */
            readonly unsetEventSink: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                };
            };
            /** Send one test event to the sink, whatever its types are, and show how it answered. Scope: `deliveries:write`. */
            readonly testEventSink: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                };
                readonly answer: {
                    /** Whether the receiver answered with 2xx. */
                    readonly isDelivered: boolean;
                    /** The HTTP status, when there was an answer. */
                    readonly status?: number | undefined;
                    /**
                     * Why the attempt failed.
                     */
                    readonly reason?: ("http-status" | "no-answer" | "address-refused" | "gone" | "challenge-failed" | "unreadable") | undefined;
                };
            };
            /** List the events that failed every attempt at the sink, oldest first. Scope: `deliveries:read`. */
            readonly listEventDeadLetters: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["EventDeadLetter"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Send the dead letters of the sink again, each once and under its id. Scope: `deliveries:write`. */
            readonly replayEvents: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                };
                readonly answer: {
                    /** Events that are sent again. */
                    readonly queued: number;
                };
            };
            /** Show the secret that verifies the signatures of events to the sink. Scope: `deliveries:write`. */
            readonly showEventSinkSecret: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                };
                readonly answer: {
                    /** Standard Webhooks secret: `whsec_` and base64. */
                    readonly signingSecret: string;
                };
            };
            /** Give the receiver of the sink a new secret; for a while both sign. Scope: `deliveries:write`. */
            readonly rotateEventSinkSecret: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly sink: string;
                    readonly body: {
                        /** How long the former secret signs as well; 0 after a leak. Default: one day. */
                        readonly overlapMs?: number | undefined;
                    };
                };
                readonly answer: {
                    /** Standard Webhooks secret: `whsec_` and base64. */
                    readonly signingSecret: string;
                    /**
                     * Format: date-time
                     * Until when the former secret signs as well.
                     */
                    readonly formerUntil: string;
                };
            };
            /** Give a principal a role; from its first one on it may do only what its roles say. Scope: `grants:write`. */
            readonly createGrant: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** Id of the client, key, person or external subject. */
                        readonly principal: string;
                        /** One of tenant-admin, developer, auditor, caller, agent, host. */
                        readonly role: string;
                        /** Name of the agent it is limited to; absent: the whole tenant. */
                        readonly agent?: string | undefined;
                        /** Id of the skill of that agent that it is limited to; absent: the whole agent. */
                        readonly skill?: string | undefined;
                    };
                };
                readonly answer: components["schemas"]["Grant"];
            };
            /** List the roles that principals of the tenant have, oldest first. Scope: `grants:write`. */
            readonly listGrants: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    /** Id of the client, key, person or external subject. */
                    readonly principal?: string | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Grant"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Take a role away; who has lost the last one may do nothing. Scope: `grants:write`. */
            readonly removeGrant: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly grant: string;
                };
            };
            /** Register an instance of an agent; it stays until it is removed. Scope: `agents:write`. */
            readonly registerInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: {
                        /** Where it is called; for gRPC `host:port` will do. */
                        readonly url: string;
                        /**
                         * As on a card.
                         * @default JSONRPC
                         */
                        readonly protocolBinding?: ("JSONRPC" | "HTTP+JSON" | "GRPC") | undefined;
                        /**
                         * Of A2A, as on a card: 1.0, 0.3 or 0.1.
                         * @default 1.0
                         */
                        readonly protocolVersion?: string | undefined;
                        /** The `tenant` that it expects in requests. */
                        readonly routingTag?: string | undefined;
                        /** Which version of the agent runs there, in your words. */
                        readonly version?: string | undefined;
                        /** Lower-case ASCII letters, digits and inner hyphens. */
                        readonly region?: string | undefined;
                        /** Tasks that it works on at once. */
                        readonly slotsMax?: number | undefined;
                        /** Its share of the traffic against the other instances of its agent; 0: none. */
                        readonly weight?: number | undefined;
                    };
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** List the instances of an agent, oldest first. Scope: `agents:write`. */
            readonly listInstances: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly instanceId: string;
                        readonly agent: string;
                        readonly url: string;
                        readonly protocolVersion: string;
                        readonly protocolBinding: string;
                        readonly routingTag?: string | undefined;
                        /**
                         * Where it comes from: the card, the admin API, or the instance itself.
                         */
                        readonly source: "card" | "api" | "self";
                        /** Id of the principal that placed it. */
                        readonly registeredBy?: string | undefined;
                        /** Which version of the agent runs there, in your words. */
                        readonly version?: string | undefined;
                        /** Lower-case ASCII letters, digits and inner hyphens. */
                        readonly region?: string | undefined;
                        /** Tasks that it works on at once. */
                        readonly slotsMax?: number | undefined;
                        /** Its share of the traffic against the other instances of its agent; 0: none. */
                        readonly weight: number;
                        readonly admission: {
                            /**
                             * Whether it takes new tasks: only an active one does.
                             */
                            readonly state: "active" | "draining" | "quarantined";
                            readonly reason?: string | undefined;
                            /** Id of the principal that set it. */
                            readonly by?: string | undefined;
                            /**
                             * Format: date-time
                             * Since when.
                             */
                            readonly since: string;
                        };
                        readonly health: {
                            readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                            /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                            readonly reason?: string | undefined;
                            /**
                             * Format: date-time
                             * Since when it is in this state.
                             */
                            readonly since: string;
                        };
                        readonly lease?: {
                            readonly leaseMs: number;
                            /**
                             * Format: date-time
                             * When it ends without another heartbeat.
                             */
                            readonly until: string;
                            /**
                             * Format: date-time
                             * The last heartbeat.
                             */
                            readonly heartbeatAt: string;
                            /** It has ended: the instance gets no new tasks. */
                            readonly lapsed: boolean;
                        } | undefined;
                        readonly probe: {
                            /**
                             * Format: date-time
                             * The last one.
                             */
                            readonly at?: string | undefined;
                            readonly tookMs?: number | undefined;
                            /**
                             * Format: date-time
                             * When the next one is due.
                             */
                            readonly nextAt?: string | undefined;
                        };
                        readonly dependencies: readonly {
                            readonly name: string;
                            readonly state: "healthy" | "degraded" | "unhealthy";
                            /** For people. */
                            readonly reason?: string | undefined;
                            /**
                             * Without it the instance can do nothing.
                             * @default false
                             */
                            readonly required?: boolean | undefined;
                        }[];
                        /**
                         * Format: date-time
                         * When it was placed first.
                         */
                        readonly createdAt: string;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Register the instance that asks: it is there for as long as it sends heartbeats. Scope: `agents:serve`. */
            readonly serveInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: {
                        /** Where it is called; for gRPC `host:port` will do. */
                        readonly url: string;
                        /**
                         * As on a card.
                         * @default JSONRPC
                         */
                        readonly protocolBinding?: ("JSONRPC" | "HTTP+JSON" | "GRPC") | undefined;
                        /**
                         * Of A2A, as on a card: 1.0, 0.3 or 0.1.
                         * @default 1.0
                         */
                        readonly protocolVersion?: string | undefined;
                        /** The `tenant` that it expects in requests. */
                        readonly routingTag?: string | undefined;
                        /** Which version of the agent runs there, in your words. */
                        readonly version?: string | undefined;
                        /** Lower-case ASCII letters, digits and inner hyphens. */
                        readonly region?: string | undefined;
                        /** Tasks that it works on at once. */
                        readonly slotsMax?: number | undefined;
                        /**
                         * How long it counts as there without a heartbeat.
                         * @default 30000
                         */
                        readonly leaseMs?: number | undefined;
                    };
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** Renew the lease of an instance that the caller registered, and say how it is. Scope: `agents:serve`. */
            readonly renewInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                    /** Without a state it says that it is well. */
                    readonly body: {
                        readonly state?: ("healthy" | "degraded" | "unhealthy") | undefined;
                        /** For people. */
                        readonly reason?: string | undefined;
                        /** What it needs for its work. One that is not well makes it degraded, a required one as unwell as itself. */
                        readonly dependencies?: readonly {
                            readonly name: string;
                            readonly state: "healthy" | "degraded" | "unhealthy";
                            /** For people. */
                            readonly reason?: string | undefined;
                            /**
                             * Without it the instance can do nothing.
                             * @default false
                             */
                            readonly required?: boolean | undefined;
                        }[] | undefined;
                    };
                };
                readonly answer: {
                    readonly leaseMs: number;
                    /**
                     * Format: date-time
                     * When it counts as gone without another heartbeat, by the clock of the database.
                     */
                    readonly leaseUntil: string;
                    /**
                     * Whether it takes new tasks: only an active one does.
                     */
                    readonly admission: "active" | "draining" | "quarantined";
                };
            };
            /** Take out an instance that the caller registered: it gets nothing new, and what it works on goes on. Scope: `agents:serve`. */
            readonly leaveInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                };
            };
            /** Get one instance of an agent. Scope: `agents:write`. */
            readonly getInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** Change the weight, version, region or slots of an instance. Scope: `agents:write`. */
            readonly changeInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                    /** What is left out stays; null takes it away. */
                    readonly body: {
                        /** Its share of the traffic against the other instances of its agent; 0: none. */
                        readonly weight?: number | undefined;
                        readonly version?: (string | null) | undefined;
                        readonly region?: (string | null) | undefined;
                        readonly slotsMax?: (number | null) | undefined;
                    };
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** Take an instance out, also one that another principal placed: it gets no new tasks, and those that it works on go on. Scope: `agents:write`. */
            readonly removeInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                };
            };
            /** Give an instance no new tasks; those that it works on go on. Scope: `agents:write`. */
            readonly drainInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                    readonly body: {
                        /** Why, for people; kept in the audit log. */
                        readonly reason?: string | undefined;
                    };
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** Give a drained instance new tasks again. Scope: `agents:write`. */
            readonly undrainInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** Give an instance no new tasks until an operator ends the quarantine; those that it works on go on. Scope: `agents:approve`. */
            readonly quarantineInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                    readonly body: {
                        /** Why, for people; kept in the audit log. */
                        readonly reason: string;
                    };
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** Let an instance out of quarantine. Scope: `agents:approve`. */
            readonly releaseInstance: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                };
                readonly answer: {
                    readonly instanceId: string;
                    readonly agent: string;
                    readonly url: string;
                    readonly protocolVersion: string;
                    readonly protocolBinding: string;
                    readonly routingTag?: string | undefined;
                    /**
                     * Where it comes from: the card, the admin API, or the instance itself.
                     */
                    readonly source: "card" | "api" | "self";
                    /** Id of the principal that placed it. */
                    readonly registeredBy?: string | undefined;
                    /** Which version of the agent runs there, in your words. */
                    readonly version?: string | undefined;
                    /** Lower-case ASCII letters, digits and inner hyphens. */
                    readonly region?: string | undefined;
                    /** Tasks that it works on at once. */
                    readonly slotsMax?: number | undefined;
                    /** Its share of the traffic against the other instances of its agent; 0: none. */
                    readonly weight: number;
                    readonly admission: {
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly state: "active" | "draining" | "quarantined";
                        readonly reason?: string | undefined;
                        /** Id of the principal that set it. */
                        readonly by?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when.
                         */
                        readonly since: string;
                    };
                    readonly health: {
                        readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                        /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                        readonly reason?: string | undefined;
                        /**
                         * Format: date-time
                         * Since when it is in this state.
                         */
                        readonly since: string;
                    };
                    readonly lease?: {
                        readonly leaseMs: number;
                        /**
                         * Format: date-time
                         * When it ends without another heartbeat.
                         */
                        readonly until: string;
                        /**
                         * Format: date-time
                         * The last heartbeat.
                         */
                        readonly heartbeatAt: string;
                        /** It has ended: the instance gets no new tasks. */
                        readonly lapsed: boolean;
                    } | undefined;
                    readonly probe: {
                        /**
                         * Format: date-time
                         * The last one.
                         */
                        readonly at?: string | undefined;
                        readonly tookMs?: number | undefined;
                        /**
                         * Format: date-time
                         * When the next one is due.
                         */
                        readonly nextAt?: string | undefined;
                    };
                    readonly dependencies: readonly {
                        readonly name: string;
                        readonly state: "healthy" | "degraded" | "unhealthy";
                        /** For people. */
                        readonly reason?: string | undefined;
                        /**
                         * Without it the instance can do nothing.
                         * @default false
                         */
                        readonly required?: boolean | undefined;
                    }[];
                    /**
                     * Format: date-time
                     * When it was placed first.
                     */
                    readonly createdAt: string;
                };
            };
            /** List what became of an instance, newest first. Scope: `agents:write`. */
            readonly listInstanceEvents: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly instance: string;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly eventId: string;
                        readonly kind: "registered" | "left" | "changed" | "admission" | "health";
                        /** The state after it. */
                        readonly state?: string | undefined;
                        readonly reason?: string | undefined;
                        /** Id of the principal that did it; absent: the platform found it. */
                        readonly actor?: string | undefined;
                        /**
                         * Format: date-time
                         * When.
                         */
                        readonly occurredAt: string;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Get how well an agent is, in sum and instance by instance. Scope: `a2a:read`. */
            readonly getAgentHealth: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
                readonly answer: {
                    readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                    /** Instances that take new tasks and are not unhealthy. */
                    readonly available: number;
                    readonly instances: readonly {
                        readonly instanceId: string;
                        /** Which version of the agent runs there, in your words. */
                        readonly version?: string | undefined;
                        /** Lower-case ASCII letters, digits and inner hyphens. */
                        readonly region?: string | undefined;
                        /**
                         * Whether it takes new tasks: only an active one does.
                         */
                        readonly admission: "active" | "draining" | "quarantined";
                        readonly health: {
                            readonly state: "healthy" | "degraded" | "unhealthy" | "unknown";
                            /** A code such as `probe.no-answer` or `lease.lapsed`, some with words after a colon. */
                            readonly reason?: string | undefined;
                            /**
                             * Format: date-time
                             * Since when it is in this state.
                             */
                            readonly since: string;
                        };
                        readonly dependencies: readonly {
                            readonly name: string;
                            readonly state: "healthy" | "degraded" | "unhealthy";
                            /** For people. */
                            readonly reason?: string | undefined;
                            /**
                             * Without it the instance can do nothing.
                             * @default false
                             */
                            readonly required?: boolean | undefined;
                        }[];
                    }[];
                };
            };
            /** Get how the instances of an agent are probed. Scope: `agents:write`. */
            readonly getProbePolicy: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
                readonly answer: {
                    /**
                     * `wire`: the card, or the gRPC health check; `http`: a GET that has to be answered 2xx; `tcp`: a connection.
                     */
                    readonly kind: "wire" | "http" | "tcp" | "none";
                    /** Of kind http, below the origin of the instance. */
                    readonly path?: string | undefined;
                    readonly intervalMs: number;
                    readonly timeoutMs: number;
                    /** Failures in a row. */
                    readonly unhealthyAfter: number;
                    /** Successes in a row. */
                    readonly healthyAfter: number;
                    /** Whether it is the agent’s own. */
                    readonly own: boolean;
                };
            };
            /** Set how the instances of an agent are probed. Scope: `agents:write`. */
            readonly setProbePolicy: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: {
                        /**
                         * `wire`: the card, or the gRPC health check; `http`: a GET that has to be answered 2xx; `tcp`: a connection.
                         */
                        readonly kind: "wire" | "http" | "tcp" | "none";
                        /** Of kind http, below the origin of the instance. */
                        readonly path?: string | undefined;
                        readonly intervalMs: number;
                        readonly timeoutMs: number;
                        /** Failures in a row. */
                        readonly unhealthyAfter: number;
                        /** Successes in a row. */
                        readonly healthyAfter: number;
                    };
                };
                readonly answer: {
                    /**
                     * `wire`: the card, or the gRPC health check; `http`: a GET that has to be answered 2xx; `tcp`: a connection.
                     */
                    readonly kind: "wire" | "http" | "tcp" | "none";
                    /** Of kind http, below the origin of the instance. */
                    readonly path?: string | undefined;
                    readonly intervalMs: number;
                    readonly timeoutMs: number;
                    /** Failures in a row. */
                    readonly unhealthyAfter: number;
                    /** Successes in a row. */
                    readonly healthyAfter: number;
                    /** Whether it is the agent’s own. */
                    readonly own: boolean;
                };
            };
            /** Probe the instances of an agent as the platform does by default. Scope: `agents:write`. */
            readonly unsetProbePolicy: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
                readonly answer: {
                    /**
                     * `wire`: the card, or the gRPC health check; `http`: a GET that has to be answered 2xx; `tcp`: a connection.
                     */
                    readonly kind: "wire" | "http" | "tcp" | "none";
                    /** Of kind http, below the origin of the instance. */
                    readonly path?: string | undefined;
                    readonly intervalMs: number;
                    readonly timeoutMs: number;
                    /** Failures in a row. */
                    readonly unhealthyAfter: number;
                    /** Successes in a row. */
                    readonly healthyAfter: number;
                    /** Whether it is the agent’s own. */
                    readonly own: boolean;
                };
            };
            /** Accept the access tokens of another authorization server for this tenant. Scope: `clients:write`. */
            readonly registerIssuer: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** For people. */
                        readonly name: string;
                        /** What its tokens may be signed with. */
                        readonly algorithms?: readonly ("RS256" | "PS256" | "ES256" | "EdDSA")[] | undefined;
                        /**
                         * `at+jwt`: only what calls itself an access token (RFC 9068). `jwt`: also tokens without a type of their own.
                         */
                        readonly tokenType?: ("at+jwt" | "jwt") | undefined;
                        /** The claim that names who acts: its name, or a JSON Pointer. */
                        readonly subjectClaim?: string | undefined;
                        /** The claim that says what may be done, as words or as a list: its name, or a JSON Pointer. */
                        readonly scopesClaim?: string | undefined;
                        /** From words of that claim to scopes of this platform; a word that is not here grants nothing. */
                        readonly scopeMap: {
                            readonly [key: string]: readonly string[];
                        };
                        /** Its issuer identifier, character by character as tokens carry it. */
                        readonly issuer: string;
                        /** The one audience of tokens for this tenant. */
                        readonly audience?: string | undefined;
                    };
                };
                readonly answer: {
                    readonly issuerId: string;
                    /** For people. */
                    readonly name: string;
                    /** Its issuer identifier, character by character as tokens carry it. */
                    readonly issuer: string;
                    /** The one audience of tokens for this tenant. */
                    readonly audience: string;
                    /** What its tokens may be signed with. */
                    readonly algorithms: readonly ("RS256" | "PS256" | "ES256" | "EdDSA")[];
                    /**
                     * `at+jwt`: only what calls itself an access token (RFC 9068). `jwt`: also tokens without a type of their own.
                     */
                    readonly tokenType: "at+jwt" | "jwt";
                    /** The claim that names who acts: its name, or a JSON Pointer. */
                    readonly subjectClaim: string;
                    /** The claim that says what may be done, as words or as a list: its name, or a JSON Pointer. */
                    readonly scopesClaim: string;
                    /** From words of that claim to scopes of this platform; a word that is not here grants nothing. */
                    readonly scopeMap: {
                        readonly [key: string]: readonly string[];
                    };
                    /** Id of the principal that registered it. */
                    readonly addedBy: string;
                    /**
                     * Format: date-time
                     * Since when its tokens are accepted.
                     */
                    readonly createdAt: string;
                    /**
                     * Format: date-time
                     * Since when they are not.
                     */
                    readonly removedAt?: string | undefined;
                };
            };
            /** List the external issuers of the tenant, oldest first, removed ones too. Scope: `clients:write`. */
            readonly listIssuers: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly issuerId: string;
                        /** For people. */
                        readonly name: string;
                        /** Its issuer identifier, character by character as tokens carry it. */
                        readonly issuer: string;
                        /** The one audience of tokens for this tenant. */
                        readonly audience: string;
                        /** What its tokens may be signed with. */
                        readonly algorithms: readonly ("RS256" | "PS256" | "ES256" | "EdDSA")[];
                        /**
                         * `at+jwt`: only what calls itself an access token (RFC 9068). `jwt`: also tokens without a type of their own.
                         */
                        readonly tokenType: "at+jwt" | "jwt";
                        /** The claim that names who acts: its name, or a JSON Pointer. */
                        readonly subjectClaim: string;
                        /** The claim that says what may be done, as words or as a list: its name, or a JSON Pointer. */
                        readonly scopesClaim: string;
                        /** From words of that claim to scopes of this platform; a word that is not here grants nothing. */
                        readonly scopeMap: {
                            readonly [key: string]: readonly string[];
                        };
                        /** Id of the principal that registered it. */
                        readonly addedBy: string;
                        /**
                         * Format: date-time
                         * Since when its tokens are accepted.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * Since when they are not.
                         */
                        readonly removedAt?: string | undefined;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Change what the tokens of an external issuer mean; its principals stay who they are. Scope: `clients:write`. */
            readonly changeIssuer: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly issuer: string;
                    readonly body: {
                        /** For people. */
                        readonly name: string;
                        /** What its tokens may be signed with. */
                        readonly algorithms?: readonly ("RS256" | "PS256" | "ES256" | "EdDSA")[] | undefined;
                        /**
                         * `at+jwt`: only what calls itself an access token (RFC 9068). `jwt`: also tokens without a type of their own.
                         */
                        readonly tokenType?: ("at+jwt" | "jwt") | undefined;
                        /** The claim that names who acts: its name, or a JSON Pointer. */
                        readonly subjectClaim?: string | undefined;
                        /** The claim that says what may be done, as words or as a list: its name, or a JSON Pointer. */
                        readonly scopesClaim?: string | undefined;
                        /** From words of that claim to scopes of this platform; a word that is not here grants nothing. */
                        readonly scopeMap: {
                            readonly [key: string]: readonly string[];
                        };
                    };
                };
                readonly answer: {
                    readonly issuerId: string;
                    /** For people. */
                    readonly name: string;
                    /** Its issuer identifier, character by character as tokens carry it. */
                    readonly issuer: string;
                    /** The one audience of tokens for this tenant. */
                    readonly audience: string;
                    /** What its tokens may be signed with. */
                    readonly algorithms: readonly ("RS256" | "PS256" | "ES256" | "EdDSA")[];
                    /**
                     * `at+jwt`: only what calls itself an access token (RFC 9068). `jwt`: also tokens without a type of their own.
                     */
                    readonly tokenType: "at+jwt" | "jwt";
                    /** The claim that names who acts: its name, or a JSON Pointer. */
                    readonly subjectClaim: string;
                    /** The claim that says what may be done, as words or as a list: its name, or a JSON Pointer. */
                    readonly scopesClaim: string;
                    /** From words of that claim to scopes of this platform; a word that is not here grants nothing. */
                    readonly scopeMap: {
                        readonly [key: string]: readonly string[];
                    };
                    /** Id of the principal that registered it. */
                    readonly addedBy: string;
                    /**
                     * Format: date-time
                     * Since when its tokens are accepted.
                     */
                    readonly createdAt: string;
                    /**
                     * Format: date-time
                     * Since when they are not.
                     */
                    readonly removedAt?: string | undefined;
                };
            };
            /** Accept no more tokens of an external issuer; they are refused within seconds. Scope: `clients:write`. */
            readonly removeIssuer: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly issuer: string;
                };
            };
            /** List the limits that were set in the tenant: of agents, of clients, and its own. Scope: `a2a:read`. */
            readonly listLimits: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly subject: "tenant" | "client" | "agent";
                        /** Id of the client, or name of the agent. */
                        readonly id?: string | undefined;
                        /** Requests a second over time; of an agent, messages sent to it. */
                        readonly requestsPerSecond?: number | undefined;
                        /** Requests at once; without it, those of one second. */
                        readonly burstRequests?: number | undefined;
                        /** Messages sent in one day, by the calendar in UTC. */
                        readonly sendsPerDay?: number | undefined;
                        /** Messages sent in one month, by the calendar in UTC. */
                        readonly sendsPerMonth?: number | undefined;
                        /** Id of the principal that set it. */
                        readonly changedBy: string;
                        /**
                         * Format: date-time
                         * When it was set.
                         */
                        readonly changedAt: string;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Set how fast and how much the tenant may ask, from now on. Scope: `platform:operate`. */
            readonly setTenantLimit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** Replaces what was set; what is left out is as it is above. */
                    readonly body: {
                        /** Requests a second over time; of an agent, messages sent to it. */
                        readonly requestsPerSecond?: number | undefined;
                        /** Requests at once; without it, those of one second. */
                        readonly burstRequests?: number | undefined;
                        /** Messages sent in one day, by the calendar in UTC. */
                        readonly sendsPerDay?: number | undefined;
                        /** Messages sent in one month, by the calendar in UTC. */
                        readonly sendsPerMonth?: number | undefined;
                    };
                };
                /** Replaces what was set; what is left out is as it is above. */
                readonly answer: {
                    /** Requests a second over time; of an agent, messages sent to it. */
                    readonly requestsPerSecond?: number | undefined;
                    /** Requests at once; without it, those of one second. */
                    readonly burstRequests?: number | undefined;
                    /** Messages sent in one day, by the calendar in UTC. */
                    readonly sendsPerDay?: number | undefined;
                    /** Messages sent in one month, by the calendar in UTC. */
                    readonly sendsPerMonth?: number | undefined;
                };
            };
            /** Take back the limit that was set for the tenant. Scope: `platform:operate`. */
            readonly unsetTenantLimit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
            };
            /** Set how fast and how much a client may ask, from now on. Scope: `limits:write`. */
            readonly setClientLimit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                    /** Replaces what was set; what is left out is as it is above. */
                    readonly body: {
                        /** Requests a second over time; of an agent, messages sent to it. */
                        readonly requestsPerSecond?: number | undefined;
                        /** Requests at once; without it, those of one second. */
                        readonly burstRequests?: number | undefined;
                        /** Messages sent in one day, by the calendar in UTC. */
                        readonly sendsPerDay?: number | undefined;
                        /** Messages sent in one month, by the calendar in UTC. */
                        readonly sendsPerMonth?: number | undefined;
                    };
                };
                /** Replaces what was set; what is left out is as it is above. */
                readonly answer: {
                    /** Requests a second over time; of an agent, messages sent to it. */
                    readonly requestsPerSecond?: number | undefined;
                    /** Requests at once; without it, those of one second. */
                    readonly burstRequests?: number | undefined;
                    /** Messages sent in one day, by the calendar in UTC. */
                    readonly sendsPerDay?: number | undefined;
                    /** Messages sent in one month, by the calendar in UTC. */
                    readonly sendsPerMonth?: number | undefined;
                };
            };
            /** Take back the limit that was set for a client. Scope: `limits:write`. */
            readonly unsetClientLimit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                };
            };
            /** Set how fast and how much callers of an agent may ask, from now on. Scope: `limits:write`. */
            readonly setAgentLimit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Replaces what was set; what is left out is as it is above. */
                    readonly body: {
                        /** Requests a second over time; of an agent, messages sent to it. */
                        readonly requestsPerSecond?: number | undefined;
                        /** Requests at once; without it, those of one second. */
                        readonly burstRequests?: number | undefined;
                        /** Messages sent in one day, by the calendar in UTC. */
                        readonly sendsPerDay?: number | undefined;
                        /** Messages sent in one month, by the calendar in UTC. */
                        readonly sendsPerMonth?: number | undefined;
                    };
                };
                /** Replaces what was set; what is left out is as it is above. */
                readonly answer: {
                    /** Requests a second over time; of an agent, messages sent to it. */
                    readonly requestsPerSecond?: number | undefined;
                    /** Requests at once; without it, those of one second. */
                    readonly burstRequests?: number | undefined;
                    /** Messages sent in one day, by the calendar in UTC. */
                    readonly sendsPerDay?: number | undefined;
                    /** Messages sent in one month, by the calendar in UTC. */
                    readonly sendsPerMonth?: number | undefined;
                };
            };
            /** Take back the limit that was set for callers of an agent. Scope: `limits:write`. */
            readonly unsetAgentLimit: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
            };
            /** Create a person of the tenant, with a link that sets their password; their scopes must be scopes of the caller. Scope: `clients:write`. */
            readonly createPerson: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** What they sign in with; unique in the tenant. */
                        readonly loginName: string;
                        /** OAuth scopes that tokens on their authority can carry. */
                        readonly scopes: readonly string[];
                    };
                };
                readonly answer: {
                    readonly personId: string;
                    /** What they sign in with; unique in the tenant. */
                    readonly loginName: string;
                    /** OAuth scopes that tokens on their authority can carry. */
                    readonly scopes: readonly string[];
                    /** False until they have followed their first link. */
                    readonly hasPassword: boolean;
                    /**
                     * Format: date-time
                     * When they were created.
                     */
                    readonly createdAt: string;
                    /**
                     * Format: date-time
                     * Since when they are not let in.
                     */
                    readonly disabledAt?: string | undefined;
                    /**
                     * Format: uri
                     * Sets a password, once. Shown this once; give it to the person.
                     */
                    readonly passwordLink: string;
                    /** For how long it works. */
                    readonly passwordLinkSeconds: number;
                };
            };
            /** List the people of the tenant, oldest first, disabled ones too. Scope: `clients:write`. */
            readonly listPeople: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly personId: string;
                        /** What they sign in with; unique in the tenant. */
                        readonly loginName: string;
                        /** OAuth scopes that tokens on their authority can carry. */
                        readonly scopes: readonly string[];
                        /** False until they have followed their first link. */
                        readonly hasPassword: boolean;
                        /**
                         * Format: date-time
                         * When they were created.
                         */
                        readonly createdAt: string;
                        /**
                         * Format: date-time
                         * Since when they are not let in.
                         */
                        readonly disabledAt?: string | undefined;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Make a new link that sets the password of a person; the one before works no more. Scope: `clients:write`. */
            readonly createPasswordLink: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly person: string;
                };
                readonly answer: {
                    /**
                     * Format: uri
                     * Sets a password, once. Shown this once; give it to the person.
                     */
                    readonly passwordLink: string;
                    /** For how long it works. */
                    readonly passwordLinkSeconds: number;
                };
            };
            /** Disable a person, or enable them again; clients that act for a disabled person are refused within seconds. Scope: `clients:write`. */
            readonly setPersonAccess: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly person: string;
                    readonly body: {
                        readonly disabled: boolean;
                    };
                };
            };
            /** Let people sign in through a client, and say where it may send them back to. Scope: `clients:write`. */
            readonly setSignIn: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly client: string;
                    readonly body: {
                        /** Each exact; with https, or http on the own machine. */
                        readonly redirectUris: readonly string[];
                        /** It can keep no secret, and gets no tokens of its own. Default: false. */
                        readonly public?: boolean | undefined;
                    };
                };
                readonly answer: {
                    readonly clientId: string;
                    readonly redirectUris: readonly string[];
                    readonly public: boolean;
                };
            };
            /** Show what calls of an agent and of its skills cost now, and which prices are to come. Scope: `a2a:read`. */
            readonly readAgentPrices: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
                readonly answer: components["schemas"]["AgentPrices"];
            };
            /** Set the price of an agent, or of one of its skills, from a date on. Scope: `agents:write`. */
            readonly setPriceOverride: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Only for this skill of the agent. */
                    readonly skill?: string | undefined;
                    readonly body: {
                        readonly price: components["schemas"]["Price"];
                        /**
                         * Format: date-time
                         * From when on it holds; absent: from now on.
                         */
                        readonly effectiveFrom?: string | undefined;
                    };
                };
                readonly answer: components["schemas"]["PriceOverride"];
            };
            /** Remove price overrides of an agent, or of one of its skills. Scope: `agents:write`. */
            readonly unsetPriceOverrides: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Only for this skill of the agent. */
                    readonly skill?: string | undefined;
                    /**
                     * Format: date-time
                     * Only the one from then on.
                     */
                    readonly from?: string | undefined;
                };
            };
            /** List the price overrides of the tenant, those of the past and of the future included. Scope: `a2a:read`. */
            readonly listPriceOverrides: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["PriceOverride"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** List how agents of the tenant are called when things go wrong. Scope: `a2a:read`. */
            readonly listResiliencePolicies: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly agent: string;
                        /** Absent for the policy of the whole agent. */
                        readonly skill?: string | undefined;
                        /** An agent that says nothing for this long has failed. */
                        readonly firstAnswerMs?: number | undefined;
                        /** One try may take this long. */
                        readonly taskMs?: number | undefined;
                        /** Calls of one process that an instance has open at once; as many more wait, and further sends are refused. */
                        readonly callsMax?: number | undefined;
                        /** A send is refused while the oldest task that waits for the agent waits for longer. */
                        readonly queueMsMax?: number | undefined;
                        /** Of an idempotent skill, another instance is asked as well when none has answered for this long. */
                        readonly hedgeMs?: number | undefined;
                        /** Names of the agents that take its place, in the order in which they are asked. */
                        readonly fallback?: readonly string[] | undefined;
                        /** When the next agent takes over: when nothing reached the one before, or when it, or its task, failed. */
                        readonly fallbackOn?: readonly ("unavailable" | "failed")[] | undefined;
                        /** Once an agent has shown something, the task fails with it (stop), or the next one begins anew and what came stays (go-on). */
                        readonly partialResults?: ("stop" | "go-on") | undefined;
                        /** Id of the principal that set it. */
                        readonly changedBy: string;
                        /**
                         * Format: date-time
                         * When it was set.
                         */
                        readonly changedAt: string;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Set how an agent, or a skill of it, is called when things go wrong, from now on. Scope: `agents:write`. */
            readonly setResiliencePolicy: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Only for this skill of the agent. */
                    readonly skill?: string | undefined;
                    /** Replaces what was set; what is left out is as at any agent, or for a skill, as at its agent. */
                    readonly body: {
                        /** An agent that says nothing for this long has failed. */
                        readonly firstAnswerMs?: number | undefined;
                        /** One try may take this long. */
                        readonly taskMs?: number | undefined;
                        /** Calls of one process that an instance has open at once; as many more wait, and further sends are refused. */
                        readonly callsMax?: number | undefined;
                        /** A send is refused while the oldest task that waits for the agent waits for longer. */
                        readonly queueMsMax?: number | undefined;
                        /** Of an idempotent skill, another instance is asked as well when none has answered for this long. */
                        readonly hedgeMs?: number | undefined;
                        /** Names of the agents that take its place, in the order in which they are asked. */
                        readonly fallback?: readonly string[] | undefined;
                        /** When the next agent takes over: when nothing reached the one before, or when it, or its task, failed. */
                        readonly fallbackOn?: readonly ("unavailable" | "failed")[] | undefined;
                        /** Once an agent has shown something, the task fails with it (stop), or the next one begins anew and what came stays (go-on). */
                        readonly partialResults?: ("stop" | "go-on") | undefined;
                    };
                };
                /** Replaces what was set; what is left out is as at any agent, or for a skill, as at its agent. */
                readonly answer: {
                    /** An agent that says nothing for this long has failed. */
                    readonly firstAnswerMs?: number | undefined;
                    /** One try may take this long. */
                    readonly taskMs?: number | undefined;
                    /** Calls of one process that an instance has open at once; as many more wait, and further sends are refused. */
                    readonly callsMax?: number | undefined;
                    /** A send is refused while the oldest task that waits for the agent waits for longer. */
                    readonly queueMsMax?: number | undefined;
                    /** Of an idempotent skill, another instance is asked as well when none has answered for this long. */
                    readonly hedgeMs?: number | undefined;
                    /** Names of the agents that take its place, in the order in which they are asked. */
                    readonly fallback?: readonly string[] | undefined;
                    /** When the next agent takes over: when nothing reached the one before, or when it, or its task, failed. */
                    readonly fallbackOn?: readonly ("unavailable" | "failed")[] | undefined;
                    /** Once an agent has shown something, the task fails with it (stop), or the next one begins anew and what came stays (go-on). */
                    readonly partialResults?: ("stop" | "go-on") | undefined;
                };
            };
            /** Take back what was set for an agent, or for a skill of it. Scope: `agents:write`. */
            readonly unsetResiliencePolicy: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Only for this skill of the agent. */
                    readonly skill?: string | undefined;
                };
            };
            /** List what was said of giving results of skills again. Scope: `a2a:read`. */
            readonly listResultTerms: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly agent: string;
                        /** Absent: every skill for which nothing else is said. */
                        readonly skill?: string | undefined;
                        /** Who may get a cached result: the caller that sent the same request before, or every caller of the tenant that may send it. */
                        readonly sharedBy: "caller" | "tenant";
                        /** What a hit costs, in percent of the price. */
                        readonly hitPricePercent: number;
                        /** How long after its time a result may be given while a new one is fetched. */
                        readonly staleMs: number;
                        /** False: every call goes to the agent. */
                        readonly on: boolean;
                        /** Id of the principal that said it. */
                        readonly changedBy: string;
                        /**
                         * Format: date-time
                         * When it was said.
                         */
                        readonly changedAt: string;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Set the cache policy of an agent, or of one of its skills: who may get a cached result, and its price. Scope: `agents:approve`. */
            readonly setResultTerms: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Only this skill of the agent. */
                    readonly skill?: string | undefined;
                    /** Replaces what was said. */
                    readonly body: {
                        /** Who may get a cached result: the caller that sent the same request before, or every caller of the tenant that may send it. */
                        readonly sharedBy: "caller" | "tenant";
                        /** What a hit costs, in percent of the price. */
                        readonly hitPricePercent: number;
                        /** How long after its time a result may be given while a new one is fetched. */
                        readonly staleMs: number;
                        /** False: every call goes to the agent. */
                        readonly on: boolean;
                    };
                };
                /** Replaces what was said. */
                readonly answer: {
                    /** Who may get a cached result: the caller that sent the same request before, or every caller of the tenant that may send it. */
                    readonly sharedBy: "caller" | "tenant";
                    /** What a hit costs, in percent of the price. */
                    readonly hitPricePercent: number;
                    /** How long after its time a result may be given while a new one is fetched. */
                    readonly staleMs: number;
                    /** False: every call goes to the agent. */
                    readonly on: boolean;
                };
            };
            /** Take back what was said of results of the agent, or of one of its skills. Scope: `agents:approve`. */
            readonly unsetResultTerms: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Only this skill of the agent. */
                    readonly skill?: string | undefined;
                };
            };
            /** Forget every result of the agent, or of one of its skills. Scope: `agents:write`. */
            readonly purgeResults: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Only this skill of the agent. */
                    readonly skill?: string | undefined;
                };
            };
            /** Read how sends find an instance of an agent. Scope: `a2a:read`. */
            readonly readRouting: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
                /** How sends find an instance of the agent. */
                readonly answer: {
                    /**
                     * Among instances that are equally fit: the one of two drawn ones with less to do for its weight, one drawn by weight, or any.
                     */
                    readonly choice: "least-outstanding" | "weighted" | "spread";
                    /** Tasks of one context go to one instance as long as it can take them. */
                    readonly sticky: boolean;
                    /** Regions in the order of preference; `own` is that of the node that decides. */
                    readonly regions: readonly string[];
                    /** How sends are split among versions; one that is not named has the sum of the weights of its instances. */
                    readonly versions: readonly {
                        /** A version that instances say they run. */
                        readonly version: string;
                        readonly weight: number;
                    }[];
                    readonly skills: readonly {
                        /** Id of the skill. */
                        readonly skill: string;
                        /**
                         * Among instances that are equally fit: the one of two drawn ones with less to do for its weight, one drawn by weight, or any.
                         */
                        readonly choice?: ("least-outstanding" | "weighted" | "spread") | undefined;
                        /** A version that instances say they run. */
                        readonly version?: string | undefined;
                        /** Regions in the order of preference; `own` is that of the node that decides. */
                        readonly regions?: readonly string[] | undefined;
                    }[];
                    /** Instances of this version get copies of sends, and nothing else. Their answers are dropped, and cost nothing. */
                    readonly mirror?: {
                        /** A version that instances say they run. */
                        readonly version: string;
                        /** Of a hundred sends. */
                        readonly percent: number;
                    } | undefined;
                };
            };
            /** Set how sends find an instance of an agent, from now on. Scope: `agents:write`. */
            readonly setRouting: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** How sends find an instance of the agent. */
                    readonly body: {
                        /**
                         * Among instances that are equally fit: the one of two drawn ones with less to do for its weight, one drawn by weight, or any.
                         */
                        readonly choice: "least-outstanding" | "weighted" | "spread";
                        /** Tasks of one context go to one instance as long as it can take them. */
                        readonly sticky: boolean;
                        /** Regions in the order of preference; `own` is that of the node that decides. */
                        readonly regions: readonly string[];
                        /** How sends are split among versions; one that is not named has the sum of the weights of its instances. */
                        readonly versions: readonly {
                            /** A version that instances say they run. */
                            readonly version: string;
                            readonly weight: number;
                        }[];
                        readonly skills: readonly {
                            /** Id of the skill. */
                            readonly skill: string;
                            /**
                             * Among instances that are equally fit: the one of two drawn ones with less to do for its weight, one drawn by weight, or any.
                             */
                            readonly choice?: ("least-outstanding" | "weighted" | "spread") | undefined;
                            /** A version that instances say they run. */
                            readonly version?: string | undefined;
                            /** Regions in the order of preference; `own` is that of the node that decides. */
                            readonly regions?: readonly string[] | undefined;
                        }[];
                        /** Instances of this version get copies of sends, and nothing else. Their answers are dropped, and cost nothing. */
                        readonly mirror?: {
                            /** A version that instances say they run. */
                            readonly version: string;
                            /** Of a hundred sends. */
                            readonly percent: number;
                        } | undefined;
                    };
                };
                /** How sends find an instance of the agent. */
                readonly answer: {
                    /**
                     * Among instances that are equally fit: the one of two drawn ones with less to do for its weight, one drawn by weight, or any.
                     */
                    readonly choice: "least-outstanding" | "weighted" | "spread";
                    /** Tasks of one context go to one instance as long as it can take them. */
                    readonly sticky: boolean;
                    /** Regions in the order of preference; `own` is that of the node that decides. */
                    readonly regions: readonly string[];
                    /** How sends are split among versions; one that is not named has the sum of the weights of its instances. */
                    readonly versions: readonly {
                        /** A version that instances say they run. */
                        readonly version: string;
                        readonly weight: number;
                    }[];
                    readonly skills: readonly {
                        /** Id of the skill. */
                        readonly skill: string;
                        /**
                         * Among instances that are equally fit: the one of two drawn ones with less to do for its weight, one drawn by weight, or any.
                         */
                        readonly choice?: ("least-outstanding" | "weighted" | "spread") | undefined;
                        /** A version that instances say they run. */
                        readonly version?: string | undefined;
                        /** Regions in the order of preference; `own` is that of the node that decides. */
                        readonly regions?: readonly string[] | undefined;
                    }[];
                    /** Instances of this version get copies of sends, and nothing else. Their answers are dropped, and cost nothing. */
                    readonly mirror?: {
                        /** A version that instances say they run. */
                        readonly version: string;
                        /** Of a hundred sends. */
                        readonly percent: number;
                    } | undefined;
                };
            };
            /** Take back what was set: sends find an instance as at any other agent. Scope: `agents:write`. */
            readonly unsetRouting: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
            };
            /** Show which key wraps the data keys of secrets, and how the newest rotation stands. Scope: `platform:operate`. */
            readonly showSecretKeys: {
                readonly answer: {
                    /** Name of the key-encryption key that wraps data keys. */
                    readonly kekId: string;
                    readonly rotation?: {
                        readonly rotationId: string;
                        readonly askedBy: string;
                        /**
                         * Format: date-time
                         * When it was asked for.
                         */
                        readonly askedAt: string;
                        /** Every tenant gets a new data key, and every secret is sealed anew. */
                        readonly renewsDataKeys: boolean;
                        readonly stage: "keys" | "secrets" | "finished";
                        /** Secrets sealed anew so far. */
                        readonly resealed: number;
                        /** Secrets that do not open, and stay as they are. */
                        readonly unreadable: number;
                        /**
                         * Format: date-time
                         * When it had reached every secret.
                         */
                        readonly finishedAt?: string | undefined;
                    } | undefined;
                };
            };
            /** Wrap every data key with the newest configured key; on request, give every tenant a new data key. Scope: `platform:operate`. */
            readonly rotateSecrets: {
                readonly arguments: {
                    readonly body: {
                        readonly renewsDataKeys?: boolean | undefined;
                    };
                };
                readonly answer: {
                    /** Name of the key-encryption key that wraps data keys. */
                    readonly kekId: string;
                    readonly rotation?: {
                        readonly rotationId: string;
                        readonly askedBy: string;
                        /**
                         * Format: date-time
                         * When it was asked for.
                         */
                        readonly askedAt: string;
                        /** Every tenant gets a new data key, and every secret is sealed anew. */
                        readonly renewsDataKeys: boolean;
                        readonly stage: "keys" | "secrets" | "finished";
                        /** Secrets sealed anew so far. */
                        readonly resealed: number;
                        /** Secrets that do not open, and stay as they are. */
                        readonly unreadable: number;
                        /**
                         * Format: date-time
                         * When it had reached every secret.
                         */
                        readonly finishedAt?: string | undefined;
                    } | undefined;
                };
            };
            /** List the signing keys of the platform, oldest first. Scope: `platform:operate`. */
            readonly listSigningKeys: {
                readonly answer: {
                    readonly items: readonly {
                        /** RFC 7638 thumbprint of the public key. */
                        readonly kid: string;
                        readonly state: "published" | "signing" | "retired" | "dropped";
                        /**
                         * Format: date-time
                         * When it was made.
                         */
                        readonly createdAt: string;
                    }[];
                };
            };
            /** Publish a successor of the key that signs; it signs once everybody can know it. Scope: `platform:operate`. */
            readonly rotateSigningKey: {
                readonly answer: {
                    /** RFC 7638 thumbprint of the public key. */
                    readonly kid: string;
                };
            };
            /** Drop a signing key at once; nothing that it signed is believed any more. Scope: `platform:operate`. */
            readonly dropSigningKey: {
                readonly arguments: {
                    readonly kid: string;
                };
            };
            /** List what is promised of tiers, and of agents with an objective of their own. Scope: `a2a:read`. */
            readonly listObjectives: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    /** What is promised of agents without an objective of their own. */
                    readonly tiers: readonly {
                        readonly tier: "gold" | "silver" | "bronze";
                        /** Of the tasks that count, those that must not fail; at most four decimals. */
                        readonly availabilityPercent: number;
                        /** The time within which a task is to end, less what it waited for its caller. */
                        readonly latencyMs: number;
                        /** Of the tasks that did not fail, those that must end within that time; at most four decimals. */
                        readonly latencyPercent: number;
                        /** Whether the tenant has said nothing of the tier. */
                        readonly default: boolean;
                        /**
                         * Format: date-time
                         * The full hour of UTC from which on it holds.
                         */
                        readonly holdsFrom?: string | undefined;
                        /** Id of the principal that said it. */
                        readonly changedBy?: string | undefined;
                        /**
                         * Format: date-time
                         * When.
                         */
                        readonly changedAt?: string | undefined;
                    }[];
                    readonly items: readonly {
                        readonly agent: string;
                        /** Of the tasks that count, those that must not fail; at most four decimals. */
                        readonly availabilityPercent: number;
                        /** The time within which a task is to end, less what it waited for its caller. */
                        readonly latencyMs: number;
                        /** Of the tasks that did not fail, those that must end within that time; at most four decimals. */
                        readonly latencyPercent: number;
                        /**
                         * Format: date-time
                         * The full hour of UTC from which on it holds.
                         */
                        readonly holdsFrom: string;
                        /** Id of the principal that said it. */
                        readonly changedBy: string;
                        /**
                         * Format: date-time
                         * When.
                         */
                        readonly changedAt: string;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Promise something of the agents of a tier, from the next full hour on. Scope: `limits:write`. */
            readonly setTierObjective: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly tier: string;
                    /** Replaces what was promised. */
                    readonly body: {
                        /** Of the tasks that count, those that must not fail; at most four decimals. */
                        readonly availabilityPercent: number;
                        /** The time within which a task is to end, less what it waited for its caller. */
                        readonly latencyMs: number;
                        /** Of the tasks that did not fail, those that must end within that time; at most four decimals. */
                        readonly latencyPercent: number;
                    };
                };
                readonly answer: {
                    /** Of the tasks that count, those that must not fail; at most four decimals. */
                    readonly availabilityPercent: number;
                    /** The time within which a task is to end, less what it waited for its caller. */
                    readonly latencyMs: number;
                    /** Of the tasks that did not fail, those that must end within that time; at most four decimals. */
                    readonly latencyPercent: number;
                    /**
                     * Format: date-time
                     * The full hour of UTC from which on it holds.
                     */
                    readonly holdsFrom: string;
                };
            };
            /** Take back what was promised of the agents of a tier, from the next full hour on. Scope: `limits:write`. */
            readonly unsetTierObjective: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly tier: string;
                };
            };
            /** Promise something of an agent, from the next full hour on. Scope: `limits:write`. */
            readonly setAgentObjective: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    /** Replaces what was promised. */
                    readonly body: {
                        /** Of the tasks that count, those that must not fail; at most four decimals. */
                        readonly availabilityPercent: number;
                        /** The time within which a task is to end, less what it waited for its caller. */
                        readonly latencyMs: number;
                        /** Of the tasks that did not fail, those that must end within that time; at most four decimals. */
                        readonly latencyPercent: number;
                    };
                };
                readonly answer: {
                    /** Of the tasks that count, those that must not fail; at most four decimals. */
                    readonly availabilityPercent: number;
                    /** The time within which a task is to end, less what it waited for its caller. */
                    readonly latencyMs: number;
                    /** Of the tasks that did not fail, those that must end within that time; at most four decimals. */
                    readonly latencyPercent: number;
                    /**
                     * Format: date-time
                     * The full hour of UTC from which on it holds.
                     */
                    readonly holdsFrom: string;
                };
            };
            /** Take back what was promised of an agent, from the next full hour on. Scope: `limits:write`. */
            readonly unsetAgentObjective: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
            };
            /** Read how well a month kept what was promised: in total, by tier, and by agent. Scope: `a2a:read`. */
            readonly readSlaReport: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** YYYY-MM, of UTC; without it, the month in progress. */
                    readonly month?: string | undefined;
                    /** Only this agent; tiers and total are of it alone then. */
                    readonly agent?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    /**
                     * Format: date-time
                     * The first instant of the month, in UTC.
                     */
                    readonly from: string;
                    /**
                     * Format: date-time
                     * The first instant of the next month.
                     */
                    readonly to: string;
                    /** Whether the month has not ended. */
                    readonly running: boolean;
                    /** Entries of the audit chain that are not counted yet; ended tasks may be among them. */
                    readonly pendingEntries: number;
                    /** What was said to hold from hours of this month on. Hours before were judged by what held then. */
                    readonly changes: readonly {
                        readonly tier?: ("gold" | "silver" | "bronze") | undefined;
                        readonly agent?: string | undefined;
                        /** Of the tasks that count, those that must not fail; at most four decimals. */
                        readonly availabilityPercent?: number | undefined;
                        /** The time within which a task is to end, less what it waited for its caller. */
                        readonly latencyMs?: number | undefined;
                        /** Of the tasks that did not fail, those that must end within that time; at most four decimals. */
                        readonly latencyPercent?: number | undefined;
                        /**
                         * Format: date-time
                         * The full hour of UTC from which on it holds.
                         */
                        readonly holdsFrom: string;
                        /** Id of the principal that said it. */
                        readonly changedBy: string;
                        /**
                         * Format: date-time
                         * When.
                         */
                        readonly changedAt: string;
                    }[];
                    readonly total: {
                        /** Tasks that ended. */
                        readonly tasks: number;
                        /** Of those, that count neither way: canceled, rejected, or failed through their caller. */
                        readonly excused: number;
                        /** Of those, that a kept result answered. */
                        readonly served: number;
                        readonly availability: {
                            /** What was promised; over hours or agents with several objectives, their mean by tasks. */
                            readonly objectivePercent?: number | undefined;
                            /** What was kept; absent without tasks. */
                            readonly attainedPercent?: number | undefined;
                            /** Tasks that broke the promise. */
                            readonly missed: number;
                            /** Tasks that were allowed to, of those so far. */
                            readonly allowed: number;
                            /** What is left of them; negative when more did. */
                            readonly left: number;
                            /** How fast the budget is spent; 1 spends exactly what is allowed. Each window has the hour in progress too. */
                            readonly burn: {
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly lastHour?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last6Hours?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last24Hours?: number | undefined;
                            };
                            /** Absent without tasks. */
                            readonly met?: boolean | undefined;
                            /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                            readonly state: "ok" | "burning" | "exhausted";
                        };
                        readonly latency: {
                            /** What was promised; over hours or agents with several objectives, their mean by tasks. */
                            readonly objectivePercent?: number | undefined;
                            /** What was kept; absent without tasks. */
                            readonly attainedPercent?: number | undefined;
                            /** Tasks that broke the promise. */
                            readonly missed: number;
                            /** Tasks that were allowed to, of those so far. */
                            readonly allowed: number;
                            /** What is left of them; negative when more did. */
                            readonly left: number;
                            /** How fast the budget is spent; 1 spends exactly what is allowed. Each window has the hour in progress too. */
                            readonly burn: {
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly lastHour?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last6Hours?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last24Hours?: number | undefined;
                            };
                            /** Absent without tasks. */
                            readonly met?: boolean | undefined;
                            /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                            readonly state: "ok" | "burning" | "exhausted";
                            /** Absent where there were several. */
                            readonly targetMs?: number | undefined;
                        };
                        /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                        readonly state: "ok" | "burning" | "exhausted";
                    };
                    readonly tiers: readonly {
                        readonly tier: "gold" | "silver" | "bronze";
                        /** Tasks that ended. */
                        readonly tasks: number;
                        /** Of those, that count neither way: canceled, rejected, or failed through their caller. */
                        readonly excused: number;
                        /** Of those, that a kept result answered. */
                        readonly served: number;
                        readonly availability: {
                            /** What was promised; over hours or agents with several objectives, their mean by tasks. */
                            readonly objectivePercent?: number | undefined;
                            /** What was kept; absent without tasks. */
                            readonly attainedPercent?: number | undefined;
                            /** Tasks that broke the promise. */
                            readonly missed: number;
                            /** Tasks that were allowed to, of those so far. */
                            readonly allowed: number;
                            /** What is left of them; negative when more did. */
                            readonly left: number;
                            /** How fast the budget is spent; 1 spends exactly what is allowed. Each window has the hour in progress too. */
                            readonly burn: {
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly lastHour?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last6Hours?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last24Hours?: number | undefined;
                            };
                            /** Absent without tasks. */
                            readonly met?: boolean | undefined;
                            /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                            readonly state: "ok" | "burning" | "exhausted";
                        };
                        readonly latency: {
                            /** What was promised; over hours or agents with several objectives, their mean by tasks. */
                            readonly objectivePercent?: number | undefined;
                            /** What was kept; absent without tasks. */
                            readonly attainedPercent?: number | undefined;
                            /** Tasks that broke the promise. */
                            readonly missed: number;
                            /** Tasks that were allowed to, of those so far. */
                            readonly allowed: number;
                            /** What is left of them; negative when more did. */
                            readonly left: number;
                            /** How fast the budget is spent; 1 spends exactly what is allowed. Each window has the hour in progress too. */
                            readonly burn: {
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly lastHour?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last6Hours?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last24Hours?: number | undefined;
                            };
                            /** Absent without tasks. */
                            readonly met?: boolean | undefined;
                            /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                            readonly state: "ok" | "burning" | "exhausted";
                            /** Absent where there were several. */
                            readonly targetMs?: number | undefined;
                        };
                        /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                        readonly state: "ok" | "burning" | "exhausted";
                    }[];
                    readonly items: readonly {
                        readonly agent: string;
                        readonly tier: "gold" | "silver" | "bronze";
                        /** Tasks that ended. */
                        readonly tasks: number;
                        /** Of those, that count neither way: canceled, rejected, or failed through their caller. */
                        readonly excused: number;
                        /** Of those, that a kept result answered. */
                        readonly served: number;
                        readonly availability: {
                            /** What was promised; over hours or agents with several objectives, their mean by tasks. */
                            readonly objectivePercent?: number | undefined;
                            /** What was kept; absent without tasks. */
                            readonly attainedPercent?: number | undefined;
                            /** Tasks that broke the promise. */
                            readonly missed: number;
                            /** Tasks that were allowed to, of those so far. */
                            readonly allowed: number;
                            /** What is left of them; negative when more did. */
                            readonly left: number;
                            /** How fast the budget is spent; 1 spends exactly what is allowed. Each window has the hour in progress too. */
                            readonly burn: {
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly lastHour?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last6Hours?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last24Hours?: number | undefined;
                            };
                            /** Absent without tasks. */
                            readonly met?: boolean | undefined;
                            /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                            readonly state: "ok" | "burning" | "exhausted";
                        };
                        readonly latency: {
                            /** What was promised; over hours or agents with several objectives, their mean by tasks. */
                            readonly objectivePercent?: number | undefined;
                            /** What was kept; absent without tasks. */
                            readonly attainedPercent?: number | undefined;
                            /** Tasks that broke the promise. */
                            readonly missed: number;
                            /** Tasks that were allowed to, of those so far. */
                            readonly allowed: number;
                            /** What is left of them; negative when more did. */
                            readonly left: number;
                            /** How fast the budget is spent; 1 spends exactly what is allowed. Each window has the hour in progress too. */
                            readonly burn: {
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly lastHour?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last6Hours?: number | undefined;
                                /** Absent with too few tasks to tell, and when the month is over. */
                                readonly last24Hours?: number | undefined;
                            };
                            /** Absent without tasks. */
                            readonly met?: boolean | undefined;
                            /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                            readonly state: "ok" | "burning" | "exhausted";
                            /** Absent where there were several. */
                            readonly targetMs?: number | undefined;
                        };
                        /** burning: at the pace of the last hours the budget does not last; exhausted: it is spent. */
                        readonly state: "ok" | "burning" | "exhausted";
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Suspend an agent: it gets no messages, and its tasks are canceled. Scope: `stops:write`. */
            readonly stopAgent: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: {
                        /** Why, for people; kept in the audit log. */
                        readonly reason: string;
                    };
                };
                readonly answer: components["schemas"]["Stop"];
            };
            /** Let a suspended agent get messages again. Scope: `stops:write`. */
            readonly resumeAgent: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                };
            };
            /** Suspend a client or any other principal: it is refused, and its tasks are canceled. Scope: `stops:write`. */
            readonly stopPrincipal: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly principal: string;
                    readonly body: {
                        /** Why, for people; kept in the audit log. */
                        readonly reason: string;
                    };
                };
                readonly answer: components["schemas"]["Stop"];
            };
            /** Let a suspended principal in again. Scope: `stops:write`. */
            readonly resumePrincipal: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly principal: string;
                };
            };
            /** Suspend a tenant: its callers are refused, and all of its tasks are canceled. Scope: `platform:operate`. */
            readonly stopTenant: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly body: {
                        /** Why, for people; kept in the audit log. */
                        readonly reason: string;
                    };
                };
                readonly answer: components["schemas"]["Stop"];
            };
            /** Let a suspended tenant in again. Scope: `platform:operate`. */
            readonly resumeTenant: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                };
            };
            /** List what is suspended in the tenant, and why. Scope: `stops:write`. */
            readonly listStops: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Stop"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Inspect any task of the tenant, without its content. Scope: `tasks:inspect`. */
            readonly inspectTask: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly task: string;
                    /** Show the log after this sequence. */
                    readonly afterSeq?: number | undefined;
                };
                readonly answer: components["schemas"]["InspectedTask"];
            };
            /** List the tasks of the tenant, newest first, with their callers and costs; a page of some agents may be short, or empty, though others follow. Scope: `tasks:inspect`. */
            readonly listTasks: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    /** Only tasks of the agent of this name. */
                    readonly agent?: string | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["TaskSummary"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Create a tenant with an empty wallet. Scope: `platform:operate`. */
            readonly createTenant: {
                readonly arguments: {
                    readonly body: {
                        /** Part of every public address of the tenant; never changes. */
                        readonly slug: string;
                        /** For people. */
                        readonly name: string;
                    };
                };
                readonly answer: components["schemas"]["Tenant"];
            };
            /** List the tenants of the platform in the order of their slugs. Scope: `platform:operate`. */
            readonly listTenants: {
                readonly arguments: {
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: {
                    readonly items: readonly components["schemas"]["Tenant"][];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Read what each department of the tenant used in a month of UTC. Scope: `credits:read`. */
            readonly readShowback: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly month: string;
                };
                readonly answer: components["schemas"]["Showback"];
            };
            /** Read what the tenant used and what it cost, in a period, by group. Scope: `credits:read`. */
            readonly readUsage: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** A day such as 2026-11-25, or a full hour of UTC; without it, the begin of the current month. */
                    readonly from?: string | undefined;
                    /** The same, exclusive; without it, now. At most 400 days after `from`. */
                    readonly to?: string | undefined;
                    /** Some of hour, day, month, agent, skill, department, costCenter, client, with commas between them, at most one of the first three; without it, one group. */
                    readonly groupBy?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                };
                readonly answer: components["schemas"]["Usage"];
            };
            /** Begin a task for a skill of an agent of the own tenant. Scope: `a2a:send`. */
            readonly callSkill: {
                readonly arguments: {
                    readonly agent: string;
                    readonly skill: string;
                    readonly idempotencyKey?: string | undefined;
                    readonly body: {
                        /** What the skill is asked: judged by its input schema. */
                        readonly inputs: {
                            readonly [key: string]: unknown;
                        };
                        /** The conversation it belongs to. */
                        readonly contextId?: string | undefined;
                        /** 9 is the most urgent; 5 if not said. */
                        readonly priority?: number | undefined;
                        /**
                         * Format: date-time
                         * What is not done by then is not done any more; in the future.
                         */
                        readonly deadline?: string | undefined;
                    };
                };
                readonly answer: components["schemas"]["CalledTask"];
            };
            /** Show an own task, with what it was asked and what it gave. Scope: `a2a:read`. */
            readonly readTask: {
                readonly arguments: {
                    readonly task: string;
                };
                readonly answer: components["schemas"]["CalledTask"];
            };
            /** Stream what happens to an own task, from its beginning or after an event, until it ends. Scope: `a2a:read`. */
            readonly followTask: {
                readonly arguments: {
                    readonly task: string;
                    readonly lastEventId?: string | undefined;
                };
                readonly answer: {
                    readonly taskId: string;
                    /**
                     * `timeout`: it failed because its time was over.
                     */
                    readonly status?: ("submitted" | "working" | "input-required" | "auth-required" | "completed" | "failed" | "cancelled" | "rejected" | "timeout") | undefined;
                    /**
                     * Format: date-time
                     * When it came to this status.
                     */
                    readonly timestamp?: string | undefined;
                    /** The newest data that the agent gave. */
                    readonly outputs?: unknown | undefined;
                    /** What the agent gave in words. */
                    readonly text?: string | undefined;
                };
            };
            /** Say what a call of an agent would cost now, and why; nothing is recorded. Scope: `a2a:send`. */
            readonly quote: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly agent: string;
                    readonly body: {
                        /** Id of a skill of the agent. */
                        readonly skill?: string | undefined;
                        /** The data of the message, instead of a message. */
                        readonly inputs?: unknown | undefined;
                        /** A message of A2A 1.0, as it would be sent; `messageId` and `role` may be left out. */
                        readonly message?: {
                            readonly [key: string]: unknown;
                        } | undefined;
                    };
                };
                readonly answer: components["schemas"]["Quote"];
            };
            /** List the dead-lettered tasks, oldest first, without their content. Scope: `tasks:inspect`. */
            readonly listDeadLetters: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    /** The `next` of the page before. */
                    readonly after?: string | undefined;
                    /**
                     * Items wanted at most.
                     * @default 50
                     */
                    readonly limit?: number | undefined;
                    /** Only those that were sent to the agent of this name. */
                    readonly agent?: string | undefined;
                    /**
                     * No try was left, its deadline had passed, or its workers died one after the other.
                     */
                    readonly reason?: ("tries-used" | "deadline-passed" | "poisoned") | undefined;
                };
                readonly answer: {
                    readonly items: readonly {
                        readonly taskId: string;
                        /** Name of the agent. */
                        readonly agent: string;
                        /** Id of the principal that sent it. */
                        readonly ownerId: string;
                        /**
                         * No try was left, its deadline had passed, or its workers died one after the other.
                         */
                        readonly reason: "tries-used" | "deadline-passed" | "poisoned";
                        /** What it failed with in the end. */
                        readonly errorCode: string;
                        /** How often it was given to its agent. */
                        readonly tries: number;
                        /**
                         * Format: date-time
                         * When it was recorded.
                         */
                        readonly sentAt: string;
                        /**
                         * Format: date-time
                         * When it was dead-lettered.
                         */
                        readonly deadAt: string;
                        /** The task that its message was sent again in. */
                        readonly replayedAs?: string | undefined;
                    }[];
                    /** Give it as `after` for the next page; absent on the last page. */
                    readonly next?: string | undefined;
                };
            };
            /** Send the message of a dead letter again for its sender, in a new task; once for each dead letter. Scope: `deliveries:write`. */
            readonly replayDeadLetter: {
                readonly arguments: {
                    readonly tenant?: string | undefined;
                    readonly task: string;
                };
                readonly answer: {
                    /** The new task. */
                    readonly taskId: string;
                    /** The dead one, which stays as it ended. */
                    readonly replayOf: string;
                };
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
/** Method and path of each operation; `stream`: it answers server-sent events; `csv`: also CSV. */
export const operations = {
  registerAgent: ['POST', '/tenants/{tenant}/agents'],
  listAgents: ['GET', '/tenants/{tenant}/agents'],
  getAgent: ['GET', '/tenants/{tenant}/agents/{agent}'],
  deregisterAgent: ['DELETE', '/tenants/{tenant}/agents/{agent}'],
  searchAgents: ['GET', '/tenants/{tenant}/agent-search'],
  listSkills: ['GET', '/tenants/{tenant}/agents/{agent}/skills'],
  listAlerts: ['GET', '/tenants/{tenant}/credits/alerts'],
  createApiKey: ['POST', '/tenants/{tenant}/api-keys'],
  listApiKeys: ['GET', '/tenants/{tenant}/api-keys'],
  revokeApiKey: ['DELETE', '/tenants/{tenant}/api-keys/{key}'],
  listAuditEntries: ['GET', '/tenants/{tenant}/audit'],
  eraseAuditSubject: ['POST', '/tenants/{tenant}/audit/erasures'],
  searchAudit: ['GET', '/tenants/{tenant}/audit/records'],
  exportAudit: ['GET', '/tenants/{tenant}/audit/export'],
  listAuditCheckpoints: ['GET', '/tenants/{tenant}/audit/checkpoints'],
  readAuditKey: ['GET', '/tenants/{tenant}/audit/key'],
  proveAuditInclusion: ['GET', '/tenants/{tenant}/audit/proofs/inclusion'],
  proveAuditConsistency: ['GET', '/tenants/{tenant}/audit/proofs/consistency'],
  readAuditRetention: ['GET', '/tenants/{tenant}/audit/retention'],
  setAuditRetention: ['PUT', '/tenants/{tenant}/audit/retention'],
  pruneAudit: ['POST', '/tenants/{tenant}/audit/prunings'],
  listBudgets: ['GET', '/tenants/{tenant}/budgets'],
  getBudget: ['GET', '/tenants/{tenant}/budgets/{budget}'],
  setBudget: ['PUT', '/tenants/{tenant}/budgets/{budget}'],
  unsetBudget: ['DELETE', '/tenants/{tenant}/budgets/{budget}'],
  updateCard: ['PUT', '/tenants/{tenant}/agents/{agent}/card'],
  getOriginalCard: ['GET', '/tenants/{tenant}/agents/{agent}/card'],
  setProfile: ['PUT', '/tenants/{tenant}/agents/{agent}/profile'],
  listCardVersions: ['GET', '/tenants/{tenant}/agents/{agent}/card-versions'],
  compareCards: ['GET', '/tenants/{tenant}/agents/{agent}/card-diff'],
  approveCardVersion: ['POST', '/tenants/{tenant}/agents/{agent}/card-versions/{version}/approve'],
  rejectCardVersion: ['POST', '/tenants/{tenant}/agents/{agent}/card-versions/{version}/reject'],
  rollBackCard: ['POST', '/tenants/{tenant}/agents/{agent}/card-versions/{version}/use'],
  addCardKey: ['POST', '/tenants/{tenant}/trusted-card-keys'],
  listCardKeys: ['GET', '/tenants/{tenant}/trusted-card-keys'],
  revokeCardKey: ['DELETE', '/tenants/{tenant}/trusted-card-keys/{kid}'],
  getCardPolicy: ['GET', '/tenants/{tenant}/card-policy'],
  setCardPolicy: ['PUT', '/tenants/{tenant}/card-policy'],
  listCertificates: ['GET', '/tenants/{tenant}/certificates'],
  checkCertificate: ['POST', '/tenants/{tenant}/agents/{agent}/certificate'],
  pinKeys: ['PUT', '/tenants/{tenant}/agents/{agent}/pinned-keys'],
  listListenerCertificates: ['GET', '/certificates'],
  addClientSecret: ['POST', '/tenants/{tenant}/clients/{client}/secrets'],
  listClientSecrets: ['GET', '/tenants/{tenant}/clients/{client}/secrets'],
  revokeClientSecret: ['DELETE', '/tenants/{tenant}/clients/{client}/secrets/{secret}'],
  addClientAuthority: ['POST', '/tenants/{tenant}/client-authorities'],
  listClientAuthorities: ['GET', '/tenants/{tenant}/client-authorities'],
  removeClientAuthority: ['DELETE', '/tenants/{tenant}/client-authorities/{authority}'],
  createClient: ['POST', '/tenants/{tenant}/clients'],
  listClients: ['GET', '/tenants/{tenant}/clients'],
  allocateClient: ['PUT', '/tenants/{tenant}/clients/{client}/allocation'],
  revokeClient: ['DELETE', '/tenants/{tenant}/clients/{client}'],
  readCreditSettings: ['GET', '/tenants/{tenant}/credits/settings'],
  setCreditSettings: ['PUT', '/tenants/{tenant}/credits/settings'],
  grantCredits: ['POST', '/tenants/{tenant}/credits/grants'],
  transferCredits: ['POST', '/tenants/{tenant}/credits/transfers'],
  readBalance: ['GET', '/tenants/{tenant}/credits'],
  listLedgerEntries: ['GET', '/tenants/{tenant}/credits/entries'],
  readReconciliation: ['GET', '/tenants/{tenant}/credits/reconciliation'],
  reconcileCredits: ['POST', '/tenants/{tenant}/credits/reconciliation'],
  readCreditStatement: ['GET', '/tenants/{tenant}/credits/statements/{month}'],
  readDelegationRule: ['GET', '/tenants/{tenant}/delegation'],
  setDelegationRule: ['PUT', '/tenants/{tenant}/delegation'],
  listDeliveries: ['GET', '/tenants/{tenant}/deliveries'],
  replayDelivery: ['POST', '/tenants/{tenant}/deliveries/{delivery}/replay'],
  showSigningSecret: ['GET', '/tenants/{tenant}/deliveries/{delivery}/signing-secret'],
  rotateSigningSecret: ['POST', '/tenants/{tenant}/deliveries/{delivery}/signing-secret'],
  listEgressAllowances: ['GET', '/tenants/{tenant}/egress'],
  allowEgress: ['POST', '/tenants/{tenant}/egress'],
  removeEgressAllowance: ['DELETE', '/tenants/{tenant}/egress'],
  listEventSinks: ['GET', '/tenants/{tenant}/event-sinks'],
  getEventSink: ['GET', '/tenants/{tenant}/event-sinks/{sink}'],
  setEventSink: ['PUT', '/tenants/{tenant}/event-sinks/{sink}'],
  unsetEventSink: ['DELETE', '/tenants/{tenant}/event-sinks/{sink}'],
  testEventSink: ['POST', '/tenants/{tenant}/event-sinks/{sink}/test'],
  listEventDeadLetters: ['GET', '/tenants/{tenant}/event-sinks/{sink}/dead-letters'],
  replayEvents: ['POST', '/tenants/{tenant}/event-sinks/{sink}/replay'],
  showEventSinkSecret: ['GET', '/tenants/{tenant}/event-sinks/{sink}/signing-secret'],
  rotateEventSinkSecret: ['POST', '/tenants/{tenant}/event-sinks/{sink}/signing-secret'],
  createGrant: ['POST', '/tenants/{tenant}/grants'],
  listGrants: ['GET', '/tenants/{tenant}/grants'],
  removeGrant: ['DELETE', '/tenants/{tenant}/grants/{grant}'],
  registerInstance: ['POST', '/tenants/{tenant}/agents/{agent}/instances'],
  listInstances: ['GET', '/tenants/{tenant}/agents/{agent}/instances'],
  serveInstance: ['POST', '/tenants/{tenant}/agents/{agent}/leased-instances'],
  renewInstance: ['PUT', '/tenants/{tenant}/agents/{agent}/leased-instances/{instance}/heartbeat'],
  leaveInstance: ['DELETE', '/tenants/{tenant}/agents/{agent}/leased-instances/{instance}'],
  getInstance: ['GET', '/tenants/{tenant}/agents/{agent}/instances/{instance}'],
  changeInstance: ['PUT', '/tenants/{tenant}/agents/{agent}/instances/{instance}'],
  removeInstance: ['DELETE', '/tenants/{tenant}/agents/{agent}/instances/{instance}'],
  drainInstance: ['PUT', '/tenants/{tenant}/agents/{agent}/instances/{instance}/drain'],
  undrainInstance: ['DELETE', '/tenants/{tenant}/agents/{agent}/instances/{instance}/drain'],
  quarantineInstance: ['PUT', '/tenants/{tenant}/agents/{agent}/instances/{instance}/quarantine'],
  releaseInstance: ['DELETE', '/tenants/{tenant}/agents/{agent}/instances/{instance}/quarantine'],
  listInstanceEvents: ['GET', '/tenants/{tenant}/agents/{agent}/instances/{instance}/events'],
  getAgentHealth: ['GET', '/tenants/{tenant}/agents/{agent}/health'],
  getProbePolicy: ['GET', '/tenants/{tenant}/agents/{agent}/probe'],
  setProbePolicy: ['PUT', '/tenants/{tenant}/agents/{agent}/probe'],
  unsetProbePolicy: ['DELETE', '/tenants/{tenant}/agents/{agent}/probe'],
  registerIssuer: ['POST', '/tenants/{tenant}/issuers'],
  listIssuers: ['GET', '/tenants/{tenant}/issuers'],
  changeIssuer: ['PUT', '/tenants/{tenant}/issuers/{issuer}'],
  removeIssuer: ['DELETE', '/tenants/{tenant}/issuers/{issuer}'],
  listLimits: ['GET', '/tenants/{tenant}/limits'],
  setTenantLimit: ['PUT', '/tenants/{tenant}/limit'],
  unsetTenantLimit: ['DELETE', '/tenants/{tenant}/limit'],
  setClientLimit: ['PUT', '/tenants/{tenant}/clients/{client}/limit'],
  unsetClientLimit: ['DELETE', '/tenants/{tenant}/clients/{client}/limit'],
  setAgentLimit: ['PUT', '/tenants/{tenant}/agents/{agent}/limit'],
  unsetAgentLimit: ['DELETE', '/tenants/{tenant}/agents/{agent}/limit'],
  createPerson: ['POST', '/tenants/{tenant}/people'],
  listPeople: ['GET', '/tenants/{tenant}/people'],
  createPasswordLink: ['POST', '/tenants/{tenant}/people/{person}/password-links'],
  setPersonAccess: ['PUT', '/tenants/{tenant}/people/{person}/access'],
  setSignIn: ['PUT', '/tenants/{tenant}/clients/{client}/sign-in'],
  readAgentPrices: ['GET', '/tenants/{tenant}/agents/{agent}/price'],
  setPriceOverride: ['PUT', '/tenants/{tenant}/agents/{agent}/price'],
  unsetPriceOverrides: ['DELETE', '/tenants/{tenant}/agents/{agent}/price'],
  listPriceOverrides: ['GET', '/tenants/{tenant}/prices'],
  listResiliencePolicies: ['GET', '/tenants/{tenant}/resilience'],
  setResiliencePolicy: ['PUT', '/tenants/{tenant}/agents/{agent}/resilience'],
  unsetResiliencePolicy: ['DELETE', '/tenants/{tenant}/agents/{agent}/resilience'],
  listResultTerms: ['GET', '/tenants/{tenant}/result-terms'],
  setResultTerms: ['PUT', '/tenants/{tenant}/agents/{agent}/result-terms'],
  unsetResultTerms: ['DELETE', '/tenants/{tenant}/agents/{agent}/result-terms'],
  purgeResults: ['DELETE', '/tenants/{tenant}/agents/{agent}/results'],
  readRouting: ['GET', '/tenants/{tenant}/agents/{agent}/routing'],
  setRouting: ['PUT', '/tenants/{tenant}/agents/{agent}/routing'],
  unsetRouting: ['DELETE', '/tenants/{tenant}/agents/{agent}/routing'],
  showSecretKeys: ['GET', '/secrets'],
  rotateSecrets: ['POST', '/secrets/rotations'],
  listSigningKeys: ['GET', '/keys'],
  rotateSigningKey: ['POST', '/keys'],
  dropSigningKey: ['DELETE', '/keys/{kid}'],
  listObjectives: ['GET', '/tenants/{tenant}/sla/objectives'],
  setTierObjective: ['PUT', '/tenants/{tenant}/sla/objectives/tiers/{tier}'],
  unsetTierObjective: ['DELETE', '/tenants/{tenant}/sla/objectives/tiers/{tier}'],
  setAgentObjective: ['PUT', '/tenants/{tenant}/sla/objectives/agents/{agent}'],
  unsetAgentObjective: ['DELETE', '/tenants/{tenant}/sla/objectives/agents/{agent}'],
  readSlaReport: ['GET', '/tenants/{tenant}/sla/report'],
  stopAgent: ['PUT', '/tenants/{tenant}/agents/{agent}/stop'],
  resumeAgent: ['DELETE', '/tenants/{tenant}/agents/{agent}/stop'],
  stopPrincipal: ['PUT', '/tenants/{tenant}/principals/{principal}/stop'],
  resumePrincipal: ['DELETE', '/tenants/{tenant}/principals/{principal}/stop'],
  stopTenant: ['PUT', '/tenants/{tenant}/stop'],
  resumeTenant: ['DELETE', '/tenants/{tenant}/stop'],
  listStops: ['GET', '/tenants/{tenant}/stops'],
  inspectTask: ['GET', '/tenants/{tenant}/tasks/{task}'],
  listTasks: ['GET', '/tenants/{tenant}/tasks'],
  createTenant: ['POST', '/tenants'],
  listTenants: ['GET', '/tenants'],
  readShowback: ['GET', '/tenants/{tenant}/usage/showback/{month}', 'csv'],
  readUsage: ['GET', '/tenants/{tenant}/usage', 'csv'],
  callSkill: ['POST', '/agents/{agent}/skills/{skill}/tasks'],
  readTask: ['GET', '/tasks/{task}'],
  followTask: ['GET', '/tasks/{task}/events', 'stream'],
  quote: ['POST', '/tenants/{tenant}/agents/{agent}/quotes'],
  listDeadLetters: ['GET', '/tenants/{tenant}/dead-letters'],
  replayDeadLetter: ['POST', '/tenants/{tenant}/dead-letters/{task}/replay'],
} as const;
