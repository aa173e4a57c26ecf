import { randomBytes } from 'node:crypto';
import { createTestDatabase } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { cardVerifier, createCardSigner, KeyVault, SigningKeyRing } from '../src/adapters/keys/index.ts';
import { createSigningKeyStore } from '../src/adapters/postgres/access/signing-key-store.ts';
import { factCipher } from '../src/adapters/audit/index.ts';
import { createSubjectKeyStore } from '../src/adapters/postgres/audit/subject-key-store.ts';
import { createAuditLog } from '../src/adapters/postgres/audit/audit-log.ts';
import { createCreditLedgerStore } from '../src/adapters/postgres/metering/credit-ledger-store.ts';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { createSchemaJudge } from '../src/adapters/json-schemas/index.ts';
import { createAgentSearchStore } from '../src/adapters/postgres/registry/agent-search-store.ts';
import { createAgentStore } from '../src/adapters/postgres/registry/agent-store.ts';
import { createCardStore } from '../src/adapters/postgres/registry/card-store.ts';
import { createTrustStore } from '../src/adapters/postgres/trust/trust-store.ts';
import { createTenantStore } from '../src/adapters/postgres/tenancy/tenant-store.ts';
import type { Caller } from '../src/kernel/caller.ts';
import { createIdSource } from '../src/kernel/ids.ts';
import type { IdSource } from '../src/kernel/ids.ts';
import { createPersonalFacts } from '../src/modules/audit/index.ts';
import type { AuditLog, PersonalFacts } from '../src/modules/audit/index.ts';
import type { CreditLedgerStore } from '../src/modules/metering/index.ts';
import type {
  AgentSearchStore,
  AgentStore,
  CardSigner,
  CardStore,
  SchemaJudge,
} from '../src/modules/registry/index.ts';
import { ServedCards } from '../src/modules/registry/index.ts';
import type { CardVerifier, TrustStore } from '../src/modules/trust/index.ts';
import { createTenant } from '../src/modules/tenancy/index.ts';
import type { TenantStore } from '../src/modules/tenancy/index.ts';
import { ownRights } from './own-rights.ts';

/** The stores of the control plane on a database of their own, as the application role. */
export interface RegistrySetting extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly pool: DatabasePool;
  readonly ids: IdSource;
  readonly tenants: TenantStore;
  readonly audit: AuditLog;
  readonly personal: PersonalFacts;
  readonly ledger: CreditLedgerStore;
  readonly agents: AgentStore;
  readonly cardStore: CardStore;
  readonly searches: AgentSearchStore;
  readonly schemas: SchemaJudge;
  readonly trust: TrustStore;
  readonly cardVerifier: CardVerifier;
  readonly cardSigner: CardSigner;
  readonly servedCards: ServedCards;
  readonly vault: KeyVault;
  /** A new tenant and a client that acts for it. */
  newCaller(): Promise<Caller>;
  /** Rows of a query as a superuser, who sees every tenant. */
  rows(sql: string, ...values: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

export async function startRegistrySetting(): Promise<RegistrySetting> {
  const database = await createTestDatabase();
  const pool = createPool({
    url: database.adminUrl,
    role: 'colloquy_app',
    connectionsMax: 8,
    applicationName: 'registry-test',
  });
  const admin = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'registry-test-admin' });
  const ids = createIdSource(systemClock, { bytes: randomBytes });
  const tenants = createTenantStore(pool);
  const vault = new KeyVault(randomBytes(32));
  const keys = await SigningKeyRing.open({ store: createSigningKeyStore(pool), vault, clock: systemClock });
  return {
    database,
    pool,
    ids,
    tenants,
    audit: createAuditLog(pool),
    personal: createPersonalFacts({ keys: createSubjectKeyStore(pool), secretBox: vault, cipher: factCipher }),
    ledger: createCreditLedgerStore(pool),
    agents: createAgentStore(pool),
    cardStore: createCardStore(pool),
    searches: createAgentSearchStore(pool),
    schemas: createSchemaJudge(systemClock),
    trust: createTrustStore(pool),
    cardVerifier,
    cardSigner: createCardSigner(() => 'https://colloquy.example', keys),
    servedCards: new ServedCards(systemClock),
    vault,
    newCaller: () => newCaller(tenants, ids),
    rows: async (sql, ...values) => (await admin.query<Record<string, unknown>>(sql, [...values])).rows,
    async [Symbol.asyncDispose]() {
      await pool.end();
      await admin.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

const systemClock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: () => () => undefined,
};

async function newCaller(tenants: TenantStore, ids: IdSource): Promise<Caller> {
  const founder = callerOf(ids, { id: ids.next('tnt'), slug: 'founder' });
  const slug = `tenant-${randomBytes(5).toString('hex')}`;
  const { id } = await createTenant({ tenants, ids })(founder, { slug, name: 'Tenant' });
  return callerOf(ids, { id, slug });
}

function callerOf(ids: IdSource, tenant: Caller['tenant']): Caller {
  return {
    principal: { kind: 'oauth-client', id: ids.next('cli') },
    ...ownRights,
    tenant,
    scopes: new Set(),
    requestId: ids.next('req'),
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
  };
}
