import { readJson } from '@colloquy/protocol/json';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PlatformError } from '../../kernel/errors.ts';
import { limits } from '../../kernel/limits.ts';
import { onFirstUse } from '../../kernel/on-first-use.ts';
import { agentTiers, agentUrlOf } from '../../modules/registry/index.ts';
import type { AgentRecord, RegisteredAgent } from '../../modules/registry/index.ts';

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const short = 200;
const urlCharsMax = 2048;

/** An agent in the words of the discovery contract. Fields that it does not know are passed over. */
const recordSchema = Type.Object({
  name: text(63),
  description: Type.String({ maxLength: 8_000 }),
  version: text(64),
  capabilities: Type.Array(text(limits.skillIdCharsMax), { maxItems: limits.skillsPerCardMax, uniqueItems: true }),
  url: text(urlCharsMax),
  health_check_url: Type.Optional(Type.Union([text(urlCharsMax), Type.Null()])),
  department: text(short),
  cost_center: Type.Optional(Type.Union([text(short), Type.Null()])),
  sla_tier: Type.Enum([...agentTiers]),
  max_concurrent_tasks: Type.Integer({ minimum: 1, maximum: limits.agentSlotsMax }),
  oauth_scopes: Type.Array(text(short), { maxItems: limits.profileListItemsMax }),
});
type DiscoveryRecord = Static<typeof recordSchema>;

const validator = onFirstUse(() => new Ajv2020({ allErrors: true }).compile<DiscoveryRecord>(recordSchema));

/** Reads a record; throws `request.invalid` with every wrong field. */
export function readRecord(bytes: Uint8Array | null): AgentRecord {
  const reading = readJson(bytes ?? new Uint8Array(), { depthMax: limits.jsonDepthMax });
  if (reading.kind === 'refusal') throw invalid([{ field: '', description: reading.message }]);
  const { value }: { readonly value: unknown } = reading;
  const validate = validator();
  if (!validate(value)) {
    const violations = (validate.errors ?? []).slice(0, 50).map(({ instancePath, params, message }) => {
      const missing: unknown = params['missingProperty'];
      const field = typeof missing === 'string' ? missing : instancePath.slice(1).replaceAll('/', '.');
      return { field: field.slice(0, short), description: message ?? 'is not valid' };
    });
    throw invalid(violations);
  }
  return recordOf(value);
}

function recordOf(value: DiscoveryRecord): AgentRecord {
  const { name, description, version, capabilities, url } = value;
  return {
    name,
    description,
    version,
    capabilities,
    url,
    profile: {
      department: value.department,
      tier: value.sla_tier,
      slotsMax: value.max_concurrent_tasks,
      scopes: value.oauth_scopes,
      ...(typeof value.cost_center === 'string' ? { costCenter: value.cost_center } : {}),
      ...(typeof value.health_check_url === 'string' ? { healthUrl: value.health_check_url } : {}),
    },
  };
}

/** A registered agent in the words of the contract, reached through this platform. */
export function recordAnswer(agent: RegisteredAgent, { publicUrl, tenantSlug }: Place): DiscoveryRecord {
  const { profile, name } = agent;
  const withheld = new Set(agent.extendedSkillIds);
  return {
    name,
    description: agent.description,
    version: agent.version,
    capabilities: agent.skillIds.filter((id) => !withheld.has(id)),
    url: agentUrlOf({ publicUrl, tenantSlug, agentName: name }),
    health_check_url: `${publicUrl}/discovery/health?agent=${name}`,
    department: profile.department ?? '',
    cost_center: profile.costCenter,
    sla_tier: profile.tier,
    max_concurrent_tasks: profile.slotsMax ?? limits.agentSlotsMax,
    oauth_scopes: profile.scopes.length === 0 ? ['a2a:send'] : [...profile.scopes],
  };
}

/** Where the reader finds agents. */
export interface Place {
  readonly publicUrl: string;
  readonly tenantSlug: string;
}

function invalid(violations: readonly { readonly field: string; readonly description: string }[]): PlatformError {
  return new PlatformError('request.invalid', { violations });
}
