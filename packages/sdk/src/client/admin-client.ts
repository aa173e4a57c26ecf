import type { AdminCall } from './admin-call.ts';
import { creditBalance, delivery, inspectedTask, ledgerEntry, page, tenant } from './admin-answers.ts';
import type { CreditBalance, Delivery, InspectedTask, LedgerEntry, Page, Tenant } from './admin-answers.ts';
import { agentAdmin } from './agent-admin.ts';
import type { AgentAdmin } from './agent-admin.ts';
import { auditAdmin } from './audit-admin.ts';
import { deadLetterAdmin } from './dead-letter-admin.ts';
import type { DeadLetterAdmin } from './dead-letter-admin.ts';
import { delegationAdmin } from './delegation-admin.ts';
import type { DelegationAdmin } from './delegation-admin.ts';
import { slaAdmin } from './sla-admin.ts';
import type { SlaAdmin } from './sla-admin.ts';
import type { AuditAdmin } from './audit-admin.ts';
import { listing, making, reading } from './admin-requests.ts';
import type { PageRequest } from './admin-requests.ts';
import { object, string } from './answer-shape.ts';
import { clientAdmin } from './client-admin.ts';
import type { ClientAdmin } from './client-admin.ts';
import { cardAdmin } from './card-admin.ts';
import { limitAdmin } from './limit-admin.ts';
import type { LimitAdmin } from './limit-admin.ts';
import { resultAdmin } from './result-admin.ts';
import type { ResultAdmin } from './result-admin.ts';
import type { CardAdmin, CardKeyAdmin, CardPolicyAdmin } from './card-admin.ts';
import { peopleAdmin } from './people-admin.ts';
import type { PeopleAdmin } from './people-admin.ts';
import { keyAdmin } from './key-admin.ts';
import type { KeyAdmin } from './key-admin.ts';
import { certificateAdmin } from './certificate-admin.ts';
import { instanceAdmin } from './instance-admin.ts';
import type { InstanceAdmin } from './instance-admin.ts';
import type { CertificateAdmin } from './certificate-admin.ts';
import { resilienceAdmin } from './resilience-admin.ts';
import type { ResilienceAdmin } from './resilience-admin.ts';
import { routingAdmin } from './routing-admin.ts';
import type { RoutingAdmin } from './routing-admin.ts';
import { permissionAdmin } from './permission-admin.ts';
import type { GrantAdmin, StopAdmin } from './permission-admin.ts';
import { egressAdmin } from './egress-admin.ts';
import type { EgressAdmin } from './egress-admin.ts';
import { secretAdmin } from './secret-admin.ts';
import type { SecretAdmin } from './secret-admin.ts';
import { identityAdmin } from './identity-admin.ts';
import type { ApiKeyAdmin, IssuerAdmin } from './identity-admin.ts';

/** The admin API. Without `forTenant` it acts on the client's own tenant; failures are {@link ColloquyError}s. */
export interface AdminClient {
  /** The same API on another tenant; for operators. */
  forTenant(slug: string): AdminClient;
  /** For operators. */
  readonly tenants: {
    create(tenant: { readonly slug: string; readonly name: string }): Promise<Tenant>;
    list(page?: PageRequest): Promise<Page<Tenant>>;
  };
  /** For operators. */
  readonly keys: KeyAdmin;
  readonly people: PeopleAdmin;
  readonly clients: ClientAdmin;
  readonly agents: AgentAdmin;
  readonly apiKeys: ApiKeyAdmin;
  readonly issuers: IssuerAdmin;
  readonly cards: CardAdmin;
  readonly cardKeys: CardKeyAdmin;
  readonly cardPolicy: CardPolicyAdmin;
  readonly grants: GrantAdmin;
  readonly stops: StopAdmin;
  readonly limits: LimitAdmin;
  /** Whom results of cacheable skills are given to again. */
  readonly results: ResultAdmin;
  readonly certificates: CertificateAdmin;
  readonly resilience: ResilienceAdmin;
  /** Where agents run, and how well. */
  readonly instances: InstanceAdmin;
  readonly routing: RoutingAdmin;
  readonly credits: {
    balance(): Promise<CreditBalance>;
    /** For operators. The grant is made once, however often it is tried; `grantId` (a UUID) makes that hold across processes. */
    grant(grant: { readonly amountMicrocredits: number; readonly grantId?: string }): Promise<CreditBalance>;
    entries(filter?: PageRequest & { readonly taskId?: string }): Promise<Page<LedgerEntry>>;
  };
  readonly audit: AuditAdmin;
  /** How deep chains of tasks may be. */
  readonly delegation: DelegationAdmin;
  /** Tasks that were given up. */
  readonly deadLetters: DeadLetterAdmin;
  /** What is promised of agents, and how it is kept. */
  readonly sla: SlaAdmin;
  readonly deliveries: {
    /** What was told to the receivers of push notifications; oldest task first. */
    list(filter?: PageRequest & { readonly task?: string; readonly state?: string }): Promise<Page<Delivery>>;
    /** Tells a receiver again, once and under the same id. */
    replay(deliveryId: string): Promise<Delivery>;
    /** The Standard Webhooks secret that the receiver of a delivery checks its signature with. */
    signingSecret(deliveryId: string): Promise<string>;
    /** A new one; the one of before signs beside it for `overlapMs`, a day when nothing is said. */
    rotateSecret(
      deliveryId: string,
      options?: { readonly overlapMs?: number },
    ): Promise<{ readonly signingSecret: string; readonly formerUntil: string }>;
  };
  /** The private addresses that the platform may call for the tenant; for operators. */
  readonly egress: EgressAdmin;
  /** The keys of the secrets that the platform keeps; for operators. */
  readonly secrets: SecretAdmin;
  readonly tasks: {
    /** What the platform knows about a task of the tenant: routing decision, reservation, and its log after `afterSeq`. */
    inspect(taskId: string, options?: { readonly afterSeq?: number }): Promise<InspectedTask>;
  };
}

const signingSecret = object<{ readonly signingSecret: string }>({ signingSecret: string });
const rotatedSecret = object<{ readonly signingSecret: string; readonly formerUntil: string }>({
  signingSecret: string,
  formerUntil: string,
});
const granted = object<{ readonly balance: CreditBalance }>({ balance: creditBalance });

/** Builds the admin client of one tenant. */
export function adminClient(call: AdminCall, tenantSlug: string): AdminClient {
  const base = `/tenants/${encodeURIComponent(tenantSlug)}`;
  return {
    forTenant: (slug) => adminClient(call, slug),
    tenants: tenantsOf(call),
    keys: keyAdmin(call),
    people: peopleAdmin(call, base),
    clients: clientAdmin(call, base),
    agents: agentAdmin(call, base),
    ...identityAdmin(call, base),
    ...cardAdmin(call, base),
    ...permissionAdmin(call, base),
    limits: limitAdmin(call, base),
    results: resultAdmin(call, base),
    credits: creditsOf(call, `${base}/credits`),
    audit: auditAdmin(call, `${base}/audit`),
    delegation: delegationAdmin(call, base),
    deadLetters: deadLetterAdmin(call, base),
    sla: slaAdmin(call, base),
    deliveries: deliveriesOf(call, `${base}/deliveries`),
    certificates: certificateAdmin(call, base),
    resilience: resilienceAdmin(call, base),
    instances: instanceAdmin(call, base),
    routing: routingAdmin(call, base),
    egress: egressAdmin(call, `${base}/egress`),
    secrets: secretAdmin(call),
    tasks: {
      inspect: (taskId, query = {}) =>
        call({ ...listing(`${base}/tasks/${encodeURIComponent(taskId)}`, query), read: inspectedTask }),
    },
  };
}

function tenantsOf(call: AdminCall): AdminClient['tenants'] {
  return {
    create: (body) => call({ ...making('/tenants', body), read: tenant }),
    list: (request = {}) => call({ ...listing('/tenants', request), read: page(tenant) }),
  };
}

function creditsOf(call: AdminCall, path: string): AdminClient['credits'] {
  return {
    balance: () => call({ ...reading(path), read: creditBalance }),
    grant: async (grant) => {
      const body = { grantId: crypto.randomUUID(), ...grant };
      return (await call({ ...making(`${path}/grants`, body), read: granted, repeatable: true })).balance;
    },
    entries: (filter = {}) => call({ ...listing(`${path}/entries`, filter), read: page(ledgerEntry) }),
  };
}

function deliveriesOf(call: AdminCall, path: string): AdminClient['deliveries'] {
  const one = (deliveryId: string, below: string): string => `${path}/${encodeURIComponent(deliveryId)}/${below}`;
  return {
    list: (filter = {}) => call({ ...listing(path, filter), read: page(delivery) }),
    replay: (deliveryId) => call({ ...making(one(deliveryId, 'replay'), {}), read: delivery }),
    signingSecret: async (deliveryId) =>
      (await call({ ...reading(one(deliveryId, 'signing-secret')), read: signingSecret })).signingSecret,
    rotateSecret: (deliveryId, options = {}) =>
      call({ ...making(one(deliveryId, 'signing-secret'), options), read: rotatedSecret }),
  };
}
