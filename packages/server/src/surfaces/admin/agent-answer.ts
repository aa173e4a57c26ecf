import type { Static } from 'typebox';
import { agentUrlOf } from '../../modules/registry/index.ts';
import type { AgentSkill, RegisteredAgent } from '../../modules/registry/index.ts';
import type { agentSchema, skillSchema } from './agent-schemas.ts';
import { signatureAnswer } from './card-schemas.ts';

/** What is left out of an answer; one for all, because each `{}` would be an object. */
const nothing = {};

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
    ...(agent.credentialHeader === null ? nothing : { credentialHeader: agent.credentialHeader }),
    extendedSkillIds: [...agent.extendedSkillIds],
    cardSignature: signatureAnswer(agent.cardSignature),
    ...(agent.cardPolicy.signatures === null ? nothing : { cardSignatures: agent.cardPolicy.signatures }),
    ...(agent.cardPolicy.approval === null ? nothing : { cardApproval: agent.cardPolicy.approval }),
    ...(agent.pendingCardVersion === null ? nothing : { pendingCardVersion: agent.pendingCardVersion }),
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
    ...(department === null ? nothing : { department }),
    ...(owner === null ? nothing : { owner }),
    ...(costCenter === null ? nothing : { costCenter }),
    ...(slotsMax === null ? nothing : { slotsMax }),
    ...(documentationUrl === null ? nothing : { documentationUrl }),
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
    ...(estimatedMs === null ? nothing : { estimatedMs }),
    ...(cacheTtlMs === null ? nothing : { cacheTtlMs }),
    ...(inputSchema === null ? nothing : { inputSchema }),
    ...(outputSchema === null ? nothing : { outputSchema }),
  };
}
