import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { AgentPrices } from '../../../modules/prices/index.ts';
import type { Route, RouteSkill, RouteStore, UpstreamCredential } from '../../../modules/routing/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findRoute } from './find-route.ts';
import type { PriceColumns, RouteColumns } from './find-route.ts';

/** Routes from the registry's rows. An agent without an instance has no route. */
export function createRouteStore(pool: DatabasePool): RouteStore {
  const find = async (
    tenantId: TenantId,
    agentName: string | null,
    agentUuid: string | null,
  ): Promise<Route | null> => {
    const statement = findRoute(uuidOf(tenantId), agentName, agentUuid);
    const [row] = (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
    return row === undefined || row.instances.length === 0 ? null : routeOf(tenantId, row);
  };
  return {
    findByName: (tenantId, agentName) => find(tenantId, agentName, null),
    findById: (tenantId, agentId) => find(tenantId, null, uuidOf(agentId)),
    async everHeld(tenantId, agentName) {
      const statement = findFormerAgent(uuidOf(tenantId), agentName);
      return (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows.length > 0;
    },
  };
}

export const routePorts = (pool: DatabasePool) => ({ routeStore: createRouteStore(pool) });

function routeOf(tenantId: TenantId, row: RouteColumns): Route {
  return {
    tenantId,
    tenantSlug: row.tenant_slug,
    agentId: idOf('agt', row.agent_id),
    agentName: row.name,
    cardVersion: row.card_version,
    streaming: row.streaming,
    idempotent: row.idempotent,
    priceMicrocredits: row.price_microcredits,
    ...(row.prices === null ? {} : { prices: pricesOf(row.prices) }),
    taskMsMax: row.task_ms_max,
    tier: row.tier,
    slotsMax: row.slots_max,
    department: row.department,
    costCenter: row.cost_center,
    ...budgetsOf(row),
    skills: skillsOf(row),
    ...(row.policies.length === 0 ? {} : { resilience: policiesOf(row) }),
    inputModes: row.input_modes,
    extensions: row.extensions,
    cardLimit: row.card_limit,
    credential: credentialOf(row),
    pinnedKeys: row.pinned_keys,
    ...(row.routing === null ? {} : { routing: row.routing }),
    instances: row.instances.map(({ id, ...rest }) => ({ instanceId: idOf('ins', id), ...rest })),
  };
}

function skillsOf({ skills }: RouteColumns): ReadonlyMap<string, RouteSkill> {
  return new Map(
    skills.map(({ priceMicrocredits, ...skill }) => [
      skill.skillId,
      { ...skill, priceMicrocredits: priceMicrocredits === null ? null : BigInt(priceMicrocredits) },
    ]),
  );
}

function pricesOf({ agent, skills, overrides, unknownMicrocredits }: PriceColumns): AgentPrices {
  return {
    agent,
    skills: new Map(skills.map(({ skillId, price }) => [skillId, price])),
    overrides: overrides.map(({ skillId, ...dated }) => ({ skillId: skillId === '' ? null : skillId, ...dated })),
    unknownMicrocredits: BigInt(unknownMicrocredits ?? limits.unknownPriceMicrocreditsDefault),
  };
}

function budgetsOf({ budgets_version: version, budgets }: RouteColumns): Pick<Route, 'budgets'> {
  if (version === null) return {};
  return {
    budgets: {
      version,
      budgets: budgets.map(({ limitMicrocredits, ...budget }) => ({
        ...budget,
        limitMicrocredits: BigInt(limitMicrocredits),
      })),
    },
  };
}

function policiesOf({ policies }: RouteColumns): NonNullable<Route['resilience']> {
  return new Map(policies.map(({ skillId, ...settings }) => [skillId, settings]));
}

function credentialOf(row: RouteColumns): UpstreamCredential | null {
  const {
    credential_kind: kind,
    credential_header: header,
    credential_sealed: sealed,
    credential_origin: origin,
  } = row;
  if (kind === 'none' || sealed === null || origin === null) return null;
  // Routes are cached. A short value is a view of a 64 KiB buffer of the driver, and a copy lets that buffer go.
  return { kind, header, sealed: Buffer.from(new Uint8Array(sealed).buffer), origin };
}

/** A row when an agent of the tenant has or had this name. */
function findFormerAgent(tenantUuid: string, agentName: string): Statement {
  return {
    name: 'find-former-agent',
    text: `select from colloquy.agents where tenant_id = $1 and name = $2 limit 1`,
    values: [tenantUuid, agentName],
  };
}
