import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { AgentSearch, AgentSearchStore, SearchPage } from '../../../modules/registry/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { agentColumns, agentOf, healthOf } from './agent-columns.ts';
import type { AgentRow } from './agent-columns.ts';

/** Searches in PostgreSQL, over a pool of the application's role. */
export function createAgentSearchStore(pool: DatabasePool): AgentSearchStore {
  return {
    async search(tenantId, search, page) {
      const statement = searchAgents(tenantId, search, page);
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return rows.map((row) => ({ agent: agentOf(tenantId, row), rank: row.rank }));
    },
  };
}

interface FoundRow extends AgentRow {
  /** The text search rank; null when no text was searched. */
  readonly rank: string | null;
}

/** The facet for each field of a search, the most selective first. */
const facets = {
  skill: `= 'skill'`,
  tag: `= 'tag'`,
  capability: `in ('skill', 'tag', 'capability')`,
  department: `= 'department'`,
  region: `= 'region'`,
  tier: `= 'tier'`,
  status: `= 'status'`,
} as const;
type Facet = keyof typeof facets;
const facetNames = Object.keys(facets).filter((name): name is Facet => name in facets);

/** Collects a value and returns its placeholder. */
type Bind = (value: unknown) => string;

/**
 * Finds the names first, by one index in the order of the page. Then it looks each agent up by its name (`offset 0`), because a join may read
 * all agents of the tenant. Each kind of search has its own statement with one plan: a generic plan would suit none of them, and planning
 * again would take longer than the search.
 */
export function searchAgents(tenantId: TenantId, search: AgentSearch, page: SearchPage): Statement<FoundRow> {
  const values: unknown[] = [uuidOf(tenantId), page.limit];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const wanted = facetNames.filter((facet) => search[facet] !== null);
  const [first, ...others] = search.text === null ? wanted : [undefined, ...wanted];
  const driver = search.text !== null ? textDriver(bind, search.text) : driverOf(bind, search, first);
  const conditions = [
    ...driver.conditions,
    ...nameConditions(bind, search.name),
    ...(page.names === null ? [] : [`f.agent_name = any(${bind(page.names)}::text[])`]),
    ...(page.after === null ? [] : [afterCondition(bind, page.after, search.text !== null)]),
    ...others.filter((facet) => facet !== undefined).map((facet) => facetCondition(bind, facet, search[facet])),
    ...(search.health === null ? [] : [healthCondition(bind, search.health)]),
  ];
  const text = `
  with found as materialized (
    select ${driver.columns} from ${driver.table} f
    where ${conditions.join('\n      and ')}
    order by rank desc, agent_name limit $2
  )
  select shown.*, found.rank::text as rank
  from found cross join lateral (
    select ${agentColumns} from colloquy.agents a
    where a.tenant_id = $1 and a.name = found.agent_name collate "default" and a.deregistered_at is null
    offset 0
  ) shown
  order by found.rank desc, found.agent_name`;
  return { name: `search-agents-${shapeOf(search, page)}`, text, values, isPlannedOnce: true };
}

interface Driver {
  readonly table: string;
  readonly columns: string;
  readonly conditions: readonly string[];
}

const unranked = 'f.agent_name, null::real as rank';

function textDriver(bind: Bind, text: string): Driver {
  const query = `websearch_to_tsquery('english', ${bind(text)})`;
  return {
    table: `colloquy.match_agents($1, ${query})`,
    columns: 'f.agent_name, f.rank',
    // A query of stop words alone would match every agent.
    conditions: [`numnode(${query}) > 0`],
  };
}

function driverOf(bind: Bind, search: AgentSearch, facet: Facet | undefined): Driver {
  if (facet === undefined) {
    return { table: 'colloquy.agent_texts', columns: unranked, conditions: ['f.tenant_id = $1'] };
  }
  return {
    table: 'colloquy.agent_facets',
    // An agent appears twice when a skill's id is also a tag.
    columns: facet === 'capability' ? `distinct ${unranked}` : unranked,
    conditions: ['f.tenant_id = $1', `f.facet ${facets[facet]}`, `f.value = ${bind(search[facet])}`],
  };
}

/** A prefix search as a range: every character of a name sorts before a brace. */
function nameConditions(bind: Bind, name: string | null): readonly string[] {
  return name === null ? [] : [`f.agent_name >= ${bind(name)}`, `f.agent_name < ${bind(`${name}{`)}`];
}

function afterCondition(bind: Bind, { rank, name }: NonNullable<SearchPage['after']>, isRanked: boolean): string {
  if (!isRanked) return `f.agent_name > ${bind(name)}`;
  const at = bind(rank);
  return `(f.rank < ${at}::real or (f.rank = ${at}::real and f.agent_name > ${bind(name)}))`;
}

/** `offset 0` keeps this an index lookup for each name; a join would read all names with the value. */
function facetCondition(bind: Bind, facet: Facet, value: string | null): string {
  return `exists (select from colloquy.agent_facets g where g.tenant_id = $1 and g.facet ${facets[facet]}
        and g.value = ${bind(value)} and g.agent_name = f.agent_name offset 0)`;
}

function healthCondition(bind: Bind, health: string): string {
  return `exists (select from colloquy.agents b where b.tenant_id = $1 and b.name = f.agent_name collate "default"
        and b.deregistered_at is null and ${healthOf('b')} = ${bind(health)} offset 0)`;
}

function shapeOf(search: AgentSearch, page: SearchPage): string {
  const fields = [
    search.text,
    search.name,
    ...facetNames.map((facet) => search[facet]),
    search.health,
    page.after,
    page.names,
  ];
  return fields.map((field) => (field === null ? '0' : '1')).join('');
}
