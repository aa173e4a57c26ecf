import {
  budgetsOfTask,
  createAgentStore,
  createBudgetStore,
  createCreditLedgerStore,
  createCreditSettingsStore,
  createRouteStore,
  createTenantStore,
  limits,
  uuidOf,
} from '@colloquy/server/test';
import type {
  AgentId,
  AuditAction,
  BudgetDraft,
  CreditSettings,
  DatabasePool,
  IdSource,
  InstanceId,
  NewAuditEntry,
  TaskBudgets,
  TenantId,
} from '@colloquy/server/test';
import { plainCard } from '@colloquy/testkit';

/** A tenant with a wallet and one agent, as the processes of a run need it. */
export interface CreditTenant {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly instanceId: InstanceId;
  readonly policy: Pick<CreditSettings, 'overagePolicy' | 'overageMaxMicrocredits'>;
  /** The budgets that pay for most sends, and for those of one client, which has a hard one. Absent for a tenant without any. */
  readonly budgets?: { readonly usual: TaskBudgets; readonly limited: TaskBudgets };
}

/**
 * The tenants of a round. Above the hold one pays nothing, one owes little, and one owes whatever it takes. The debtors begin with little, so that
 * they owe soon; the other one has enough for grants to expire.
 */
export const policies: readonly (CreditTenant['policy'] & { readonly credits: bigint })[] = [
  { credits: 20_000n, overagePolicy: 'cap', overageMaxMicrocredits: 0n },
  { credits: 500n, overagePolicy: 'debit', overageMaxMicrocredits: 3_000n },
  { credits: 500n, overagePolicy: 'debit', overageMaxMicrocredits: BigInt(limits.amountMicrocreditsMax) },
];

/** What a new tenant has. */
export interface TenantSeed {
  readonly credits: bigint;
  readonly policy: CreditTenant['policy'];
  readonly hasBudgets?: boolean;
}

/** A new tenant, through the stores of the product. Its first grant is one of the run's expected entries. */
export async function seedTenant(
  pool: DatabasePool,
  ids: IdSource,
  { credits, policy, hasBudgets = false }: TenantSeed,
): Promise<CreditTenant & { readonly grantId: string }> {
  const tenantId = ids.next('tnt');
  const origin = { entryId: ids.next('ent'), actorId: 'cli_seed', requestId: ids.next('req') };
  await createTenantStore(pool).create({ id: tenantId, slug: `t-${uuidOf(tenantId)}`, name: 'Tenant' }, origin);
  const grantId = uuidOf(ids.next('ent'));
  const bounds = { grantedMicrocreditsMax: grantedMax, expiresAt: null, expiringMax: limits.creditGrantsExpiringMax };
  const grant = { tenantId, grantId, amountMicrocredits: credits, ...bounds };
  await createCreditLedgerStore(pool).grant(grant, auditEntry(ids, tenantId, 'credits.granted'));
  const settings = { ...policy, unknownPriceMicrocredits: 1n, lowCreditMicrocredits: null };
  await createCreditSettingsStore(pool).set(settings, auditEntry(ids, tenantId, 'credits.settings-changed'));
  const agent = await registerAgent(pool, ids, tenantId);
  const budgets = hasBudgets ? { budgets: await setBudgets(pool, ids, tenantId) } : {};
  return { tenantId, policy, grantId, ...agent, ...budgets };
}

const limitedClient = 'cli_limited';
/** Spent before a round is over. */
const hardLimit = 5_000n;

async function setBudgets(
  pool: DatabasePool,
  ids: IdSource,
  tenantId: TenantId,
): Promise<NonNullable<CreditTenant['budgets']>> {
  const shared = { period: 'total', alertPercents: [], burnRateFactor: null } as const;
  const drafts: readonly BudgetDraft[] = [
    { ...shared, name: 'all', scope: 'tenant', subject: '', mode: 'soft', limitMicrocredits: hardLimit },
    { ...shared, name: 'one', scope: 'client', subject: limitedClient, mode: 'hard', limitMicrocredits: hardLimit },
  ];
  const store = createBudgetStore(pool);
  for (const draft of drafts) await store.set(draft, auditEntry(ids, tenantId, 'budget.set'));
  const { budgets } = (await createRouteStore(pool).findByName(tenantId, 'echo')) ?? {};
  if (budgets === undefined) throw new Error('The budgets of the tenant are not on its route.');
  const spending = { agentName: 'echo', skillId: null, department: null, costCenter: null };
  const of = (clientId: string): TaskBudgets => budgetsOfTask(budgets, { ...spending, clientId }, Date.now());
  return { usual: of('cli_usual'), limited: of(limitedClient) };
}

export const grantedMax = BigInt(limits.amountMicrocreditsMax);

async function registerAgent(
  pool: DatabasePool,
  ids: IdSource,
  tenantId: TenantId,
): Promise<Pick<CreditTenant, 'agentId' | 'instanceId'>> {
  const agentId = ids.next('agt');
  const instanceId = ids.next('ins');
  const url = 'http://127.0.0.1:1/';
  await createAgentStore(pool).register(
    {
      tenantId,
      agentId,
      name: 'echo',
      card: { ...plainCard('Echo', url), skills: [] },
      document: {},
      cardSignature: { state: 'unsigned', kid: null },
      cardPolicy: { signatures: null, approval: null },
      extendedSkillIds: [],
      profile: null,
      cardUrl: null,
      cardVisibility: 'tenant',
      priceMicrocredits: 10n,
      idempotent: false,
      taskMsMax: 60_000,
      credential: null,
      registeredBy: 'cli_seed',
      instance: { instanceId, url, wire: '1.0 JSONRPC', routingTag: null },
    },
    auditEntry(ids, tenantId, 'agent.registered'),
  );
  return { agentId, instanceId };
}

export function auditEntry(ids: IdSource, tenantId: TenantId, action: AuditAction): NewAuditEntry {
  return {
    tenantId,
    entryId: ids.next('ent'),
    actorId: 'cli_seed',
    action,
    outcome: 'succeeded',
    resource: 'seed',
    requestId: 'req_seed',
    facts: {},
  };
}
