import type { JsonObject } from '@colloquy/protocol';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { limits } from '../../../kernel/limits.ts';
import { agentHealths, agentStatuses, agentTiers, agentUrlOf } from '../../../modules/registry/index.ts';
import type { AgentSkill, RegisteredAgent } from '../../../modules/registry/index.ts';
import { approvalPolicy, cardSignatureSchema, signaturePolicy, signatureAnswer } from '../cards/card-schemas.ts';
import { closed, component, time } from '../page-schemas.ts';

const name = Type.String({ maxLength: 63, description: 'Part of its public address; unique in the tenant.' });
const price = Type.Integer({
  minimum: 0,
  maximum: limits.amountMicrocreditsMax,
  description: 'Price of one completed task.',
});
const idempotent = Type.Boolean({ description: 'Whether sending one messageId twice does the work once.' });
const taskMsMax = Type.Integer({ minimum: 100, maximum: 86_400_000, description: 'Time one task may take.' });
const cardVisibility = Type.Enum(['tenant', 'public'], {
  description: 'Whether clients without a token may read the card: no (`tenant`) or yes (`public`).',
});

const extendedSkillIds = Type.Array(Type.String({ maxLength: 256 }), {
  maxItems: 256,
  description: 'Skills that only the extended card shows, and only to callers who may send.',
});

export const agentSchema = component(
  'Agent',
  Type.Object(
    {
      name,
      agentId: Type.String(),
      url: Type.String({
        format: 'uri',
        description: 'Its A2A address on this platform. It ends in a slash: the path of the card is relative to it.',
      }),
      title: Type.String({ description: 'What its card calls it.' }),
      description: Type.String(),
      version: Type.String({ description: 'As its card says.' }),
      cardVersion: Type.Integer({ minimum: 1, description: 'Counts the cards of this registration.' }),
      streaming: Type.Boolean(),
      skillIds: Type.Array(Type.String()),
      priceMicrocredits: price,
      idempotent,
      taskMsMax,
      tier: Type.Enum([...agentTiers], { description: 'How urgent its work is when there is more than room for.' }),
      status: Type.Enum([...agentStatuses], { description: 'What its owner says of it; stops nothing.' }),
      health: Type.Enum([...agentHealths], { description: 'The best health of its instances that take new tasks.' }),
      regions: Type.Array(Type.String()),
      scopes: Type.Array(Type.String(), { description: 'What callers need towards it, in its own words.' }),
      department: Type.Optional(Type.String()),
      owner: Type.Optional(Type.String()),
      costCenter: Type.Optional(Type.String()),
      slotsMax: Type.Optional(Type.Integer({ minimum: 1, description: 'Tasks that it works on at a time.' })),
      documentationUrl: Type.Optional(Type.String()),
      cardVisibility,
      extendedSkillIds,
      cardSignature: cardSignatureSchema,
      cardSignatures: Type.Optional(signaturePolicy),
      cardApproval: Type.Optional(approvalPolicy),
      pendingCardVersion: Type.Optional(Type.Integer({ description: 'The card version that waits for approval.' })),
      credentialKind: Type.Enum(['none', 'bearer', 'api-key']),
      credentialHeader: Type.Optional(Type.String({ description: 'Header that carries an API key.' })),
      registeredBy: Type.String({ description: 'Id of the principal that registered it.' }),
      createdAt: time('When it was registered.'),
    },
    closed,
  ),
);

const schemaOf = (what: string) =>
  Type.Optional(Type.Unsafe<JsonObject>({ type: 'object', description: `JSON Schema 2020-12 of its ${what}.` }));

export const skillSchema = component(
  'Skill',
  Type.Object(
    {
      id: Type.String(),
      name: Type.String(),
      description: Type.String(),
      tags: Type.Array(Type.String()),
      idempotent,
      priceMicrocredits: price,
      estimatedMs: Type.Optional(Type.Integer({ description: 'How long a task usually takes.' })),
      cacheTtlMs: Type.Optional(Type.Integer({ description: 'How long a result may be used again.' })),
      inputSchema: schemaOf('input'),
      outputSchema: schemaOf('output'),
    },
    closed,
  ),
);

const credential = Type.Object(
  {
    kind: Type.Enum(['bearer', 'api-key']),
    value: Type.String({ minLength: 1, maxLength: 4096, description: 'Never given out again.' }),
    header: Type.Optional(Type.String({ maxLength: 64, description: 'Of an API key; X-API-Key when left out.' })),
  },
  { ...closed, description: 'What the platform shows to the agent; it travels to the card’s origin only.' },
);

/** Judged where the card is, because it becomes a part of it. */
export const profileSchema = Type.Unsafe<JsonObject>({
  type: 'object',
  description:
    'What the tenant says of the agent, as in the card extension urn:colloquy:extension:enterprise:v1: department, owner, costCenter, tier, slotsMax, regions, status, scopes, healthUrl, and skills with their settings by id. It is laid over this card and those that follow; null takes away what the card says.',
});

export const registrationSchema = component(
  'AgentRegistration',
  Type.Object(
    {
      name,
      cardUrl: Type.Optional(
        Type.String({ maxLength: 2048, description: 'Where its card is; or give the card itself.' }),
      ),
      card: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object', description: 'An A2A 1.0 AgentCard.' })),
      priceMicrocredits: Type.Optional(price),
      idempotent: Type.Optional(idempotent),
      taskMsMax: Type.Optional(taskMsMax),
      cardVisibility: Type.Optional(cardVisibility),
      credential: Type.Optional(credential),
      cardSignatures: Type.Optional(signaturePolicy),
      cardApproval: Type.Optional(approvalPolicy),
      extendedSkillIds: Type.Optional(extendedSkillIds),
      profile: Type.Optional(profileSchema),
    },
    { ...closed, description: 'Exactly one of `card` and `cardUrl` is given.' },
  ),
);

/** The absent fields of an answer; one shared object, because each `{}` would allocate another. */
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

/** A skill with its price, promises and schemas. */
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
