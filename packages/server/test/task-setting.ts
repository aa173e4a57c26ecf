import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createCreditLedgerStore } from '../src/adapters/postgres/metering/credit-ledger-store.ts';
import { createNodeStore } from '../src/adapters/postgres/nodes/node-store.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool, PoolOptions } from '../src/adapters/postgres/pool.ts';
import { createAgentStore } from '../src/adapters/postgres/registry/agent-store.ts';
import { createTaskStore } from '../src/adapters/postgres/tasks/task-store.ts';
import { createTenantStore } from '../src/adapters/postgres/tenancy/tenant-store.ts';
import { writerSettings } from '../src/adapters/postgres/writer-settings.ts';
import { createIdSource, uuidOf } from '../src/kernel/ids.ts';
import type { AgentId, IdSource, InstanceId, NodeId, TaskId, TenantId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import type { AuditAction, NewAuditEntry } from '../src/modules/audit/index.ts';
import type { NodeStore, TaskStore } from '../src/modules/tasks/index.ts';

/** The connections of one process of ours. */
export interface ProcessPools extends AsyncDisposable {
  readonly writers: DatabasePool;
  readonly readers: DatabasePool;
  readonly workers: DatabasePool;
  readonly heartbeats: DatabasePool;
  readonly sealers: DatabasePool;
  readonly store: TaskStore;
  readonly nodes: NodeStore;
}

export interface SeededTenant {
  readonly tenantId: TenantId;
  readonly slug: string;
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly instanceId: InstanceId;
  readonly ownerId: string;
}

export interface TenantOverrides {
  readonly credits?: bigint;
  readonly priceMicrocredits?: bigint;
  readonly idempotent?: boolean;
  readonly streaming?: boolean;
  readonly taskMsMax?: number;
  /** Tasks that the agent works on at a time. */
  readonly slotsMax?: number;
  readonly tier?: 'gold' | 'silver' | 'bronze';
}

export interface TaskSetting extends ProcessPools {
  readonly database: TestDatabase;
  readonly ids: IdSource;
  /** A node of ours that is alive. */
  readonly nodeId: NodeId;
  /** Another process's worth of pools and stores on the same database, or on another address of it. */
  openProcess(url?: string, options?: Partial<PoolOptions>): ProcessPools;
  /** A new tenant with credits and one agent. */
  seedTenant(overrides?: TenantOverrides): Promise<SeededTenant>;
  deregisterAgent(tenant: SeededTenant): Promise<void>;
  /** Another agent under the name of the tenant's first one, which has to be gone. */
  registerAgentAnew(tenant: SeededTenant, overrides?: TenantOverrides): Promise<SeededTenant>;
  /** One more agent of the tenant. */
  registerAgent(tenant: SeededTenant, name: string, overrides?: TenantOverrides): Promise<void>;
  grant(tenantId: TenantId, amountMicrocredits: bigint): Promise<void>;
  registerNode(): Promise<NodeId>;
  /** Locks a tenant's wallet, so that every statement that needs it waits until `release`. */
  holdWallet(tenantId: TenantId): Promise<{ release(): Promise<void> }>;
  /** Takes an idempotency key for a task in a transaction that ends with `release`. */
  holdKey(tenantId: TenantId, keyHash: string, taskId: TaskId): Promise<{ release(): Promise<void> }>;
  /** Rows of a query as a superuser, who sees every tenant. */
  rows<Row = Record<string, unknown>>(sql: string, ...values: readonly unknown[]): Promise<Row[]>;
  /** Every row that a tenant has, of every table, as text: two equal answers mean that nothing was written between. */
  everyRowOf(tenantId: TenantId): Promise<string>;
}

/** The task's stores over real pools of the roles that production uses, on a database of the test file's own. */
export async function startTaskSetting(): Promise<TaskSetting> {
  const database = await createTestDatabase();
  const own = openProcess(database.adminUrl);
  const admin = createPool({ url: database.adminUrl, connectionsMax: 2, applicationName: 'tasks-test-admin' });
  const ids = createIdSource(systemClock, { bytes: (length) => randomBytes(length) });
  const rows: TaskSetting['rows'] = async <Row>(sql: string, ...values: readonly unknown[]) =>
    (await admin.query(sql, [...values])).rows as Row[];
  const registerNode = async (): Promise<NodeId> => {
    const nodeId = ids.next('nod');
    await own.nodes.register(nodeId, 'test');
    return nodeId;
  };
  const nodeId = await registerNode();
  return {
    ...own,
    database,
    ids,
    nodeId,
    openProcess: (url, options) => openProcess(url ?? database.adminUrl, options),
    seedTenant: (overrides) => seedTenant(own.readers, ids, overrides),
    deregisterAgent: async ({ tenantId, agentName }) => {
      const entry = seedEntry(ids, tenantId, 'agent.deregistered');
      await createAgentStore(own.readers).deregister(tenantId, agentName, entry);
    },
    registerAgentAnew: async (tenant, overrides) => ({
      ...tenant,
      ...(await registerAgent(own.readers, ids, tenant.tenantId, overrides)),
    }),
    registerAgent: async ({ tenantId }, name, overrides) => {
      await registerAgent(own.readers, ids, tenantId, { ...overrides, name });
    },
    grant: (tenantId, amountMicrocredits) => grant(own.readers, ids, tenantId, amountMicrocredits),
    registerNode,
    holdWallet: (tenantId) => holdWallet(admin, tenantId),
    holdKey: (tenantId, keyHash, taskId) => holdKey(admin, [uuidOf(tenantId), keyHash, keyHash, uuidOf(taskId)]),
    rows,
    everyRowOf: (tenantId) => everyRowOf(rows, tenantId),
    async [Symbol.asyncDispose]() {
      await own[Symbol.asyncDispose]();
      await admin.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

function openProcess(url: string, options: Partial<PoolOptions> = {}): ProcessPools {
  const app = { url, role: 'colloquy_app', ...options };
  const writers = createPool({
    ...app,
    connectionsMax: 6,
    applicationName: 'tasks-test-writers',
    settings: writerSettings,
  });
  const readers = createPool({ ...app, connectionsMax: 4, applicationName: 'tasks-test-readers' });
  const worker = { ...app, role: 'colloquy_worker' };
  const workers = createPool({ ...worker, connectionsMax: 3, applicationName: 'tasks-test-workers' });
  const heartbeats = createPool({ ...worker, connectionsMax: 1, applicationName: 'tasks-test-heartbeats' });
  const sealers = createPool({
    ...app,
    role: 'colloquy_sealer',
    connectionsMax: 1,
    applicationName: 'tasks-test-sealer',
  });
  return {
    writers,
    readers,
    workers,
    heartbeats,
    sealers,
    store: createTaskStore(writers, readers, systemClock),
    nodes: createNodeStore(heartbeats, workers),
    async [Symbol.asyncDispose]() {
      await Promise.all([writers.end(), readers.end(), workers.end(), heartbeats.end(), sealers.end()]);
    },
  };
}

async function seedTenant(pool: DatabasePool, ids: IdSource, overrides: TenantOverrides = {}): Promise<SeededTenant> {
  const tenantId = ids.next('tnt');
  const slug = `t-${uuidOf(tenantId)}`;
  const origin = { entryId: ids.next('ent'), actorId: 'cli_seed', requestId: ids.next('req') };
  await createTenantStore(pool).create({ id: tenantId, slug, name: 'Tenant' }, origin);
  const credits = overrides.credits ?? 1_000_000n;
  if (credits > 0n) await grant(pool, ids, tenantId, credits);
  const agent = await registerAgent(pool, ids, tenantId, overrides);
  return { tenantId, slug, ...agent, agentName: 'echo', ownerId: ids.next('cli') };
}

async function registerAgent(
  pool: DatabasePool,
  ids: IdSource,
  tenantId: TenantId,
  overrides: TenantOverrides & { readonly name?: string } = {},
): Promise<Pick<SeededTenant, 'agentId' | 'instanceId'>> {
  const agentId = ids.next('agt');
  const instanceId = ids.next('ins');
  await createAgentStore(pool).register(
    {
      tenantId,
      agentId,
      name: overrides.name ?? 'echo',
      card: echoCard(overrides),
      document: {},
      cardSignature: { state: 'unsigned', kid: null },
      cardPolicy: { signatures: null, approval: null },
      extendedSkillIds: [],
      profile: null,
      cardUrl: null,
      cardVisibility: 'tenant',
      priceMicrocredits: overrides.priceMicrocredits ?? 10n,
      idempotent: overrides.idempotent ?? false,
      taskMsMax: overrides.taskMsMax ?? 60_000,
      credential: null,
      registeredBy: 'cli_seed',
      instance: { instanceId, url: 'http://127.0.0.1:1/', wire: '1.0 JSONRPC', routingTag: null },
    },
    seedEntry(ids, tenantId, 'agent.registered'),
  );
  return { agentId, instanceId };
}

async function grant(pool: DatabasePool, ids: IdSource, tenantId: TenantId, amountMicrocredits: bigint): Promise<void> {
  const grantId = uuidOf(ids.next('ent'));
  const grantedMicrocreditsMax = BigInt(limits.amountMicrocreditsMax);
  const grant = { tenantId, grantId, amountMicrocredits, grantedMicrocreditsMax, expiresAt: null, expiringMax: 0 };
  await createCreditLedgerStore(pool).grant(grant, seedEntry(ids, tenantId, 'credits.granted'));
}

/** The audit entry of a change that a test makes by a store. */
export function seedEntry(ids: IdSource, tenantId: TenantId, action: AuditAction): NewAuditEntry {
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

function echoCard({ streaming = true, slotsMax, tier }: TenantOverrides) {
  const settings = { ...(slotsMax === undefined ? {} : { slotsMax }), ...(tier === undefined ? {} : { tier }) };
  const extensions = [{ uri: 'urn:colloquy:extension:enterprise:v1', params: settings }];
  return {
    name: 'Echo',
    description: 'Says it again.',
    version: '1.0.0',
    supportedInterfaces: [{ url: 'http://127.0.0.1:1/', protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { streaming, ...(Object.keys(settings).length === 0 ? {} : { extensions }) },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  };
}

async function holdWallet(admin: DatabasePool, tenantId: TenantId): Promise<{ release(): Promise<void> }> {
  const client = await admin.connect();
  await client.query('begin');
  await client.query('select from colloquy.wallets where tenant_id = $1 for update', [uuidOf(tenantId)]);
  return {
    async release() {
      await client.query('rollback');
      client.release();
    },
  };
}

async function holdKey(admin: DatabasePool, values: readonly string[]): Promise<{ release(): Promise<void> }> {
  const client = await admin.connect();
  await client.query('begin');
  const columns = 'tenant_id, key_hash, fingerprint, task_id';
  await client.query(`insert into colloquy.idempotency_keys (${columns}) values ($1, $2, $3, $4)`, [...values]);
  return {
    async release() {
      await client.query('commit');
      client.release();
    },
  };
}

/** Without the chain of the audit entries: it follows from them, at a moment of the sealer's choice. */
async function everyRowOf(rows: TaskSetting['rows'], tenantId: TenantId): Promise<string> {
  const tables = await rows<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relkind in ('r', 'p') and c.relnamespace = 'colloquy'::regnamespace and c.relname not like 'audit_ch%' order by 1`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await rows<{ text: string | null }>(
        `select string_agg(t::text, E'\\n' order by t::text) as text from ${name} t where tenant_id = $1`,
        uuidOf(tenantId),
      );
      return `${name}\n${row?.text ?? ''}`;
    }),
  );
  return texts.join('\n\n');
}
