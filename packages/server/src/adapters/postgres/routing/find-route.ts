import type { JsonObject } from '@colloquy/protocol';
import type { SpendingBudget } from '../../../modules/budgets/index.ts';
import type { CardLimit } from '../../../modules/limits/index.ts';
import type { AgentTier, AgentWire } from '../../../modules/registry/index.ts';
import type { InstanceAdmission, InstanceHealth, RoutingPolicy } from '../../../modules/routing/index.ts';
import type { ResilienceSettings } from '../../../modules/resilience/index.ts';
import type { Statement } from '../statement.ts';

interface InstanceColumns {
  readonly id: string;
  readonly url: string;
  /** The registry stores only wires that it speaks. */
  readonly wire: AgentWire;
  readonly routingTag: string | null;
  readonly version: string | null;
  readonly weight: number;
  readonly region: string | null;
  readonly admission: InstanceAdmission;
  readonly slotsMax: number | null;
  readonly health: InstanceHealth;
}

interface SkillColumns {
  readonly skillId: string;
  readonly idempotent: boolean;
  readonly estimatedMs: number | null;
  readonly cacheTtlMs: number | null;
  /** Exact, because it is at most `limits.amountMicrocreditsMax`. */
  readonly priceMicrocredits: number | null;
  readonly inputSchema: JsonObject | null;
  readonly outputSchema: JsonObject | null;
}

/** Prices as they were stated; valid when they were stored. */
export interface PriceColumns {
  readonly agent: JsonObject | null;
  readonly skills: readonly { readonly skillId: string; readonly price: JsonObject }[];
  /** The tenant's reservation for prices that cannot be computed; null: the default. Exact, as `limits.amountMicrocreditsMax` is. */
  readonly unknownMicrocredits: number | null;
  /** Newest first. */
  readonly overrides: readonly {
    readonly skillId: string;
    readonly effectiveFromMs: number;
    readonly price: JsonObject;
  }[];
}

/** The limit is exact, because it is at most `limits.amountMicrocreditsMax`. */
type BudgetColumns = Omit<SpendingBudget, 'limitMicrocredits'> & { readonly limitMicrocredits: number };

export interface RouteColumns {
  readonly tenant_slug: string;
  readonly agent_id: string;
  readonly name: string;
  readonly card_version: number;
  readonly streaming: boolean;
  readonly idempotent: boolean;
  readonly price_microcredits: bigint;
  /** Null: no price has parts, and none is overridden. */
  readonly prices: PriceColumns | null;
  readonly task_ms_max: number;
  readonly tier: AgentTier;
  readonly slots_max: number | null;
  readonly department: string | null;
  readonly cost_center: string | null;
  readonly budgets_version: string | null;
  readonly budgets: readonly BudgetColumns[];
  readonly skills: readonly SkillColumns[];
  readonly input_modes: readonly string[];
  readonly extensions: readonly { readonly uri: string; readonly required: boolean }[];
  readonly card_limit: CardLimit | null;
  readonly policies: readonly (ResilienceSettings & { readonly skillId: string })[];
  readonly credential_kind: 'none' | 'bearer' | 'api-key';
  readonly credential_header: string | null;
  readonly credential_sealed: Buffer | null;
  readonly credential_origin: string | null;
  readonly pinned_keys: readonly string[];
  readonly routing: RoutingPolicy | null;
  readonly instances: readonly InstanceColumns[];
}

/** Everything that a send needs of an agent: by name ($2) an open agent that is not suspended, or by id ($3) any agent. */
export function findRoute(
  tenantUuid: string,
  agentName: string | null,
  agentUuid: string | null,
): Statement<RouteColumns> {
  return { name: 'find-route', text, values: [tenantUuid, agentName, agentUuid] };
}

/**
 * An instance `i` with its lease `l`, if any. An instance that left, or whose lease has expired, takes no new task; an expired lease counts at
 * once, also before a worker has judged it.
 */
const instanceObject = `jsonb_build_object('id', i.instance_id, 'url', i.url, 'routingTag', i.routing_tag,
      'wire', substring(i.protocol_version from '^\\d+\\.\\d+') || ' ' || i.binding,
      'version', i.version, 'weight', i.weight, 'region', i.region, 'slotsMax', i.slots_max,
      'admission', case when i.left_at is not null or l.lease_until <= colloquy.now_utc() then 'draining' else i.admission end,
      'health', jsonb_build_object('state', i.health, 'reason', i.health_reason,
        'sinceMs', floor(extract(epoch from i.health_at) * 1000)))`;

/**
 * The prices of agent `a` beside the plain ones. Of the overrides those in force and those to come: a cached route switches to them in time. The
 * margin covers clocks of processes that are behind the database's.
 */
const pricesObject = `(
    select case when a.price is not null or p.skills is not null or o.overrides is not null then
      jsonb_build_object('agent', a.price, 'skills', coalesce(p.skills, '[]'), 'overrides', coalesce(o.overrides, '[]'),
        'unknownMicrocredits', (select c.unknown_price_microcredits from colloquy.credit_settings c where c.tenant_id = a.tenant_id)) end
    from (
      select jsonb_agg(jsonb_build_object('skillId', k.skill_id, 'price', k.price)) as skills
      from colloquy.skills k where k.tenant_id = a.tenant_id and k.agent_id = a.agent_id and k.price is not null
    ) p, (
      select jsonb_agg(jsonb_build_object('skillId', x.skill_id, 'effectiveFromMs', floor(extract(epoch from x.effective_from) * 1000),
        'price', x.price) order by x.effective_from desc) as overrides
      from colloquy.price_overrides x where x.tenant_id = a.tenant_id and x.agent_name = a.name
        and not exists (
          select from colloquy.price_overrides later
          where later.tenant_id = x.tenant_id and later.agent_name = x.agent_name and later.skill_id = x.skill_id
            and later.effective_from > x.effective_from and later.effective_from <= colloquy.now_utc() - interval '1 minute'
        )
    ) o
  )`;

const text = `
select s.slug as tenant_slug, a.agent_id, a.name, a.card_version,
  coalesce((v.card -> 'capabilities' ->> 'streaming')::boolean, false) as streaming,
  a.idempotent, a.price_microcredits, ${pricesObject} as prices, a.task_ms_max, a.tier, a.slots_max,
  a.department, a.cost_center,
  (select w.budgets_version from colloquy.wallets w where w.tenant_id = a.tenant_id) as budgets_version,
  coalesce((
    select jsonb_agg(jsonb_build_object('name', g.name, 'budgetId', replace(g.budget_id::text, '-', ''), 'scope', g.scope,
      'subject', g.subject, 'limitMicrocredits', g.limit_microcredits, 'period', g.period, 'mode', g.mode) order by g.name)
    from colloquy.budgets g where g.tenant_id = a.tenant_id and case g.scope
      when 'agent' then g.subject = a.name
      when 'skill' then starts_with(g.subject, a.name || '/')
      -- Of every client, department and cost center: a client may have its own.
      else true end
  ), '[]') as budgets,
  coalesce((
    select jsonb_agg(jsonb_build_object('skillId', k.skill_id, 'idempotent', coalesce(k.idempotent, a.idempotent),
      'estimatedMs', k.estimated_ms, 'cacheTtlMs', k.cache_ttl_ms, 'priceMicrocredits', k.price_microcredits,
      'inputSchema', k.input_schema, 'outputSchema', k.output_schema) order by k.position)
    from colloquy.skills k where k.tenant_id = a.tenant_id and k.agent_id = a.agent_id
  ), '[]') as skills,
  coalesce(v.card -> 'defaultInputModes', '[]') || coalesce((
    select jsonb_agg(mode) from jsonb_array_elements(v.card -> 'skills') skill, jsonb_array_elements(skill -> 'inputModes') mode
  ), '[]') as input_modes,
  coalesce((
    select jsonb_agg(jsonb_build_object('uri', extension ->> 'uri', 'required', coalesce((extension ->> 'required')::boolean, false)))
    from jsonb_array_elements(v.card -> 'capabilities' -> 'extensions') extension
  ), '[]') as extensions,
  (
    select jsonb_build_object(
      'requestsPerSecond', jsonb_path_query_first(extension, '$.params.requestsPerSecond ? (@ >= 0.001 && @ <= 1000000)'),
      'burstRequests', jsonb_path_query_first(extension, '$.params.burst ? (@ >= 1 && @ <= 1000000)'))
    from jsonb_array_elements(v.card -> 'capabilities' -> 'extensions') extension
    where extension ->> 'uri' = 'urn:colloquy:extension:limits:v1' limit 1
  ) as card_limit,
  a.credential_kind, a.credential_header, a.credential_sealed, a.credential_origin, a.pinned_keys, r.policy as routing,
  coalesce((
    select jsonb_agg(jsonb_build_object('skillId', p.skill_id, 'firstAnswerMs', p.first_answer_ms, 'taskMs', p.task_ms,
      'callsMax', p.calls_max, 'queueMsMax', p.queue_ms_max, 'hedgeMs', p.hedge_ms, 'fallback', p.fallback,
      'fallbackOn', p.fallback_on, 'partialResults', p.partial_results))
    from colloquy.resilience_policies p where p.tenant_id = a.tenant_id and p.agent_name = a.name
  ), '[]') as policies,
  coalesce((
    select jsonb_agg(${instanceObject} order by i.instance_id)
    from colloquy.agent_instances i
    left join colloquy.instance_leases l on l.tenant_id = i.tenant_id and l.instance_id = i.instance_id
    where i.tenant_id = a.tenant_id and i.agent_id = a.agent_id
  ), '[]') as instances
from colloquy.agents a
join colloquy.tenants s on s.tenant_id = a.tenant_id
join colloquy.agent_card_versions v on v.tenant_id = a.tenant_id and v.agent_id = a.agent_id and v.version = a.card_version
left join colloquy.agent_routing r on r.tenant_id = a.tenant_id and r.agent_id = a.agent_id
where a.tenant_id = $1
  and ((a.name = $2::text and a.deregistered_at is null and not exists (
    select from colloquy.stops x where x.tenant_id = a.tenant_id and x.kind = 'agent' and x.name = a.name and x.resumed_at is null
  )) or a.agent_id = $3::uuid)`;
