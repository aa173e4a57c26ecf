import { createPool } from '@colloquy/server/test';
import type { RegistryPlan } from './plan.ts';

const wordCount = 2_000;
const skillCount = 500;

/** Words, skills and tags that agents are made of, the same in every run. */
export const wordAt = (at: number): string => `word${(at % wordCount).toString(36)}x`;
export const skillAt = (at: number): string => `skill-${at % skillCount}`;
export const agentAt = (at: number): string => `agent-${at}`;

/** Agents of one tenant ($1), numbers 1 to $2 with $3 skills each, as if they had been registered but for the first probe of their health. */
const fillTenant = `
with made as materialized (
  select t.tenant_id, gen_random_uuid() as agent_id, 'agent-' || n as name, n
  from colloquy.tenants t, generate_series(1, $2::int) n where t.slug = $1
), cards as materialized (
  select m.*, jsonb_build_object(
    'name', 'Agent ' || n, 'version', '1', 'defaultInputModes', '["text/plain"]'::jsonb, 'defaultOutputModes', '["text/plain"]'::jsonb,
    'description', (select string_agg(($4::text[])[1 + (n * k * 7 + k) % cardinality($4::text[])], ' ') from generate_series(1, 8) k),
    'supportedInterfaces', '[{"url":"http://127.0.0.1:9001/a2a","protocolBinding":"JSONRPC","protocolVersion":"1.0"}]'::jsonb,
    'capabilities', jsonb_build_object('streaming', n % 2 = 0, 'extensions', jsonb_build_array(jsonb_build_object(
      'uri', 'urn:colloquy:extension:enterprise:v1', 'params', jsonb_build_object('department', 'department-' || n % 20,
        'tier', (array['gold', 'silver', 'bronze'])[1 + n % 3], 'regions', jsonb_build_array('region-' || n % 4), 'slotsMax', 10)))),
    'skills', (select jsonb_agg(jsonb_build_object('id', 'skill-' || s, 'name', 'Skill ' || s, 'tags', jsonb_build_array('tag-' || s % 50),
        'description', (select string_agg(($4::text[])[1 + (s * k + n) % cardinality($4::text[])], ' ') from generate_series(1, 4) k)))
      from (select distinct (n * (2 * k + 1) + k) % ${skillCount} as s from generate_series(0, $3::int - 1) k) of_agent)) as card
  from made m
), agents as (
  insert into colloquy.agents (tenant_id, agent_id, name, card_version, card_visibility, price_microcredits, idempotent, task_ms_max,
    credential_kind, registered_by)
  select tenant_id, agent_id, name, 1, 'tenant', 1000, true, 60000, 'none', 'bench' from cards
), versions as (
  insert into colloquy.agent_card_versions (tenant_id, agent_id, version, card, document, signature_state)
  select tenant_id, agent_id, 1, card, card::text, 'unsigned' from cards
)
insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
select tenant_id, gen_random_uuid(), agent_id, 'http://127.0.0.1:9001/a2a', 'JSONRPC', '1.0' from cards`;

/** Fills the registry as the database's administrator; the triggers of the registry describe every agent. */
export async function fillRegistry(adminUrl: string, slugs: readonly string[], plan: RegistryPlan): Promise<void> {
  const pool = createPool({ url: adminUrl, connectionsMax: 2, applicationName: 'bench', statementTimeoutMs: 300_000 });
  const words = Array.from({ length: wordCount }, (_, at) => wordAt(at));
  const waiting = [...slugs];
  const fillNext = async (): Promise<void> => {
    for (let slug = waiting.pop(); slug !== undefined; slug = waiting.pop()) {
      await pool.query(fillTenant, [slug, plan.agentsPerTenant, plan.skillsPerAgent, words]);
    }
  };
  try {
    await Promise.all([fillNext(), fillNext()]);
    // What autovacuum does within minutes.
    await pool.query('vacuum analyze');
  } finally {
    await pool.end();
  }
}
