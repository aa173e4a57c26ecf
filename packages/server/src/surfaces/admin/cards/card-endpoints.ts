import type { JsonObject } from '@colloquy/protocol';
import { Type } from 'typebox';
import { PlatformError } from '../../../kernel/errors.ts';
import {
  decideCard,
  updateCard,
  readOriginalCard,
  listCardVersions,
  compareCards,
  rollBackCard,
} from '../../../modules/registry/index.ts';
import { profileSchema } from '../agents/agent-schemas.ts';
import { endpoint } from '../endpoint.ts';
import { closed, component, pageAnswer, pageOfSchema, pageQuery, pageRequestOf } from '../page-schemas.ts';
import {
  cardOriginOf,
  cardDiffSchema,
  cardVersionSchema,
  diffAnswer,
  originalCardSchema,
  versionAnswer,
} from './card-schemas.ts';

const versionMax = 2_147_483_647;
const versionQuery = Type.Integer({ minimum: 1, maximum: versionMax, description: 'Number of a card version.' });
const signatureErrors = ['registry.card-signature-invalid', 'registry.card-signature-required'] as const;

/** The version number in a path; other texts name no version. */
function versionOf(text: string): number {
  const version = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  if (version < 1 || version > versionMax) throw new PlatformError('registry.card-version-unknown');
  return version;
}

const updateSchema = component(
  'CardUpdate',
  Type.Object(
    {
      cardUrl: Type.Optional(Type.String({ maxLength: 2048, description: 'Where its card is now.' })),
      card: Type.Optional(Type.Unsafe<JsonObject>({ type: 'object', description: 'The AgentCard itself.' })),
    },
    { ...closed, description: 'Without either, the card is read anew from where the one in use came from.' },
  ),
);

const profileBody = Type.Object({ profile: Type.Union([profileSchema, Type.Null()]) }, closed);

/** The outcome of an update. */
const updatedCardSchema = component(
  'UpdatedCard',
  Type.Object({ version: cardVersionSchema, diff: cardDiffSchema }, closed),
);

/** Two versions of a card and what differs. */
const comparedCardsSchema = component(
  'ComparedCards',
  Type.Object({ from: cardVersionSchema, to: cardVersionSchema, diff: cardDiffSchema }, closed),
);

const decision = (verdict: 'approve' | 'reject', summary: string) =>
  endpoint({
    id: `${verdict}CardVersion`,
    method: 'POST',
    path: `/tenants/{tenant}/agents/{agent}/card-versions/{version}/${verdict}`,
    operation: 'card.decide',
    summary,
    answer: cardVersionSchema,
    errors: [
      'registry.agent-unknown',
      'registry.card-version-unknown',
      'registry.card-version-settled',
      ...(verdict === 'approve'
        ? (['egress.refused', 'registry.interface-unsupported', ...signatureErrors] as const)
        : []),
    ],
    uses: { decideCard },
    handle: async ({ decideCard }, { caller, path }) => {
      const input = { name: path.agent, version: versionOf(path.version), verdict };
      return versionAnswer(await decideCard(caller, input));
    },
  });

export const cardEndpoints = [
  endpoint({
    id: 'updateCard',
    method: 'PUT',
    path: '/tenants/{tenant}/agents/{agent}/card',
    operation: 'card.update',
    summary: 'Read an agent’s card anew; what changes where it is, its security or its skills may have to be approved',
    body: updateSchema,
    answer: updatedCardSchema,
    errors: [
      'egress.refused',
      'registry.agent-unknown',
      'registry.card-changed',
      'registry.card-invalid',
      'registry.card-unreachable',
      'registry.credential-bound',
      'registry.interface-unsupported',
      ...signatureErrors,
    ],
    uses: { updateCard },
    handle: async ({ updateCard }, { caller, path, body }) => {
      const { version, diff } = await updateCard(caller, { name: path.agent, source: cardOriginOf(body) });
      return { version: versionAnswer(version), diff: diffAnswer(diff) };
    },
  }),
  endpoint({
    id: 'setProfile',
    method: 'PUT',
    path: '/tenants/{tenant}/agents/{agent}/profile',
    operation: 'card.update',
    summary:
      'Say what an agent is beyond its protocol; it makes a new version of its card, which may have to be approved',
    body: profileBody,
    answer: updatedCardSchema,
    errors: [
      'egress.refused',
      'registry.agent-unknown',
      'registry.card-changed',
      'registry.card-invalid',
      'registry.credential-bound',
      'registry.interface-unsupported',
      ...signatureErrors,
    ],
    uses: { updateCard },
    handle: async ({ updateCard }, { caller, path, body }) => {
      const { version, diff } = await updateCard(caller, {
        name: path.agent,
        source: null,
        profile: body.profile,
      });
      return { version: versionAnswer(version), diff: diffAnswer(diff) };
    },
  }),
  endpoint({
    id: 'getOriginalCard',
    method: 'GET',
    path: '/tenants/{tenant}/agents/{agent}/card',
    operation: 'card.read-original',
    summary: 'Get the card as the agent published it, with its own addresses and signatures',
    query: Type.Object({ version: Type.Optional(versionQuery) }, closed),
    answer: originalCardSchema,
    errors: ['registry.agent-unknown', 'registry.card-version-unknown'],
    uses: { readOriginalCard },
    handle: async ({ readOriginalCard }, { caller, path, query }) => {
      const found = await readOriginalCard(caller, path.agent, query.version ?? null);
      const { cardUrl, document } = found;
      return { ...versionAnswer(found), ...(cardUrl === null ? {} : { cardUrl }), card: document };
    },
  }),
  endpoint({
    id: 'listCardVersions',
    method: 'GET',
    path: '/tenants/{tenant}/agents/{agent}/card-versions',
    operation: 'card.list-versions',
    summary: 'List the versions of an agent’s card, newest first',
    query: pageQuery,
    answer: pageOfSchema(cardVersionSchema),
    errors: ['registry.agent-unknown'],
    uses: { listCardVersions },
    handle: async ({ listCardVersions }, { caller, path, query }) =>
      pageAnswer(await listCardVersions(caller, path.agent, pageRequestOf(query)), versionAnswer),
  }),
  endpoint({
    id: 'compareCards',
    method: 'GET',
    path: '/tenants/{tenant}/agents/{agent}/card-diff',
    operation: 'card.read-original',
    summary:
      'Compare two versions of a card; by default the one in use with the one that waits, or with the one before',
    query: Type.Object({ from: Type.Optional(versionQuery), to: Type.Optional(versionQuery) }, closed),
    answer: comparedCardsSchema,
    errors: ['registry.agent-unknown', 'registry.card-version-unknown'],
    uses: { compareCards },
    handle: async ({ compareCards }, { caller, path, query }) => {
      const wanted = { from: query.from ?? null, to: query.to ?? null };
      const { from, to, diff } = await compareCards(caller, path.agent, wanted);
      return { from: versionAnswer(from), to: versionAnswer(to), diff: diffAnswer(diff) };
    },
  }),
  decision('approve', 'Approve a card version that waits; messages are routed by it from then on'),
  decision('reject', 'Reject a card version that waits; the one in use stays'),
  endpoint({
    id: 'rollBackCard',
    method: 'POST',
    path: '/tenants/{tenant}/agents/{agent}/card-versions/{version}/use',
    operation: 'card.decide',
    summary: 'Use a card version again that was in use before; messages are routed by it from then on',
    answer: cardVersionSchema,
    errors: [
      'egress.refused',
      'registry.agent-unknown',
      'registry.card-version-unknown',
      'registry.card-version-unused',
      'registry.credential-bound',
      'registry.interface-unsupported',
      ...signatureErrors,
    ],
    uses: { rollBackCard },
    handle: async ({ rollBackCard }, { caller, path }) =>
      versionAnswer(await rollBackCard(caller, { name: path.agent, version: versionOf(path.version) })),
  }),
];
