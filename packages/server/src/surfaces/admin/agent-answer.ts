import type { Static } from 'typebox';
import { agentUrlOf } from '../../modules/registry/index.ts';
import type { AgentSkill, RegisteredAgent } from '../../modules/registry/index.ts';
import type { agentSchema, skillSchema } from './agent-schemas.ts';
import { signatureAnswer } from './card-schemas.ts';

/** How an agent is shown to callers of one tenant. */
export const agentAnswer =
  ({ caller, publicUrl }: { caller: { tenant: { slug: string } }; publicUrl: string }) =>
  (agent: RegisteredAgent): Static<typeof agentSchema> => ({
    name: agent.name,
    agentId: agent.agentId,
    url: agentUrlOf({ publicUrl, tenantSlug: caller.tenant.slug, agentName: agent.name }),
    title: agent.title,
    description: agent.description,
    version: agent.version,
    cardVersion: agent.cardVersion,
    streaming: agent.streaming,
    skillIds: [...agent.skillIds],
    priceMicrocredits: Number(agent.priceMicrocredits),
    idempotent: agent.idempotent,
    taskMsMax: agent.taskMsMax,
    ...profileAnswer(agent),
    cardVisibility: agent.cardVisibility,
    credentialKind: agent.credentialKind,
    ...(agent.credentialHeader === null ? {} : { credentialHeader: agent.credentialHeader }),
    extendedSkillIds: [...agent.extendedSkillIds],
    cardSignature: signatureAnswer(agent.cardSignature),
    ...(agent.cardPolicy.signatures === null ? {} : { cardSignatures: agent.cardPolicy.signatures }),
    ...(agent.cardPolicy.approval === null ? {} : { cardApproval: agent.cardPolicy.approval }),
    ...(agent.pendingCardVersion === null ? {} : { pendingCardVersion: agent.pendingCardVersion }),
    registeredBy: agent.registeredBy,
    createdAt: agent.createdAt.toISOString(),
  });

function profileAnswer({ profile, health }: RegisteredAgent) {
  const { department, owner, costCenter, tier, slotsMax, regions, scopes, status, documentationUrl } = profile;
  return {
    tier,
    status,
    health,
    regions: [...regions],
    scopes: [...scopes],
    ...(department === null ? {} : { department }),
    ...(owner === null ? {} : { owner }),
    ...(costCenter === null ? {} : { costCenter }),
    ...(slotsMax === null ? {} : { slotsMax }),
    ...(documentationUrl === null ? {} : { documentationUrl }),
  };
}

/** A skill with its terms. */
export function skillAnswer(skill: AgentSkill): Static<typeof skillSchema> {
  const { estimatedMs, cacheTtlMs, inputSchema, outputSchema } = skill;
  return {
    id: skill.skillId,
    name: skill.name,
    description: skill.description,
    tags: [...skill.tags],
    idempotent: skill.idempotent,
    priceMicrocredits: Number(skill.priceMicrocredits),
    ...(estimatedMs === null ? {} : { estimatedMs }),
    ...(cacheTtlMs === null ? {} : { cacheTtlMs }),
    ...(inputSchema === null ? {} : { inputSchema }),
    ...(outputSchema === null ? {} : { outputSchema }),
  };
}
