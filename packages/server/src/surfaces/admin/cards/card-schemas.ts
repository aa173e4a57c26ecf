import type { JsonObject, JsonValue } from '@colloquy/protocol';
import { decodeAnyAgentCard } from '@colloquy/protocol/cards';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { DecodeError } from '@colloquy/protocol/errors';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { PlatformError } from '../../../kernel/errors.ts';
import { limits } from '../../../kernel/limits.ts';
import type {
  CardDiff,
  CardSignatureState,
  CardVersion,
  PublishedDocument,
  RegisterAgentInput,
} from '../../../modules/registry/index.ts';
import { closed, component, time } from '../page-schemas.ts';

export const signaturePolicy = Type.Enum(['accept', 'require'], {
  description: 'Whether a card is let in without a signature by a trusted key (`accept`: it is, and is marked).',
});
export const approvalPolicy = Type.Enum(['signed', 'always', 'never'], {
  description: 'Whose changed url, security scheme or skill set waits for approval: signed agents, all, or none.',
});

export const cardPolicySchema = component(
  'CardPolicy',
  Type.Object({ signatures: signaturePolicy, approval: approvalPolicy }, closed),
);

/** How the signatures of a card stand. */
export const cardSignatureSchema = component(
  'CardSignature',
  Type.Object(
    {
      state: Type.Enum(['unsigned', 'verified', 'untrusted-key'], {
        description: 'As they were found when the card came.',
      }),
      kid: Type.Optional(Type.String({ description: 'The trusted key that verified it.' })),
      keyRevoked: Type.Optional(Type.Boolean({ description: 'Whether that key was revoked since.' })),
    },
    closed,
  ),
);

export const signatureAnswer = ({
  state,
  kid,
  isKeyRevoked,
}: CardSignatureState): Static<typeof cardSignatureSchema> => ({
  state,
  ...(kid === null ? {} : { kid, keyRevoked: isKeyRevoked }),
});

const versionNumber = Type.Integer({ minimum: 1, description: 'Counts the cards of a registration.' });

const versionFields = {
  version: versionNumber,
  status: Type.Enum(['approved', 'pending', 'rejected', 'superseded']),
  inUse: Type.Boolean({ description: 'Whether messages are routed by it.' }),
  signature: cardSignatureSchema,
  cardsOwnVersion: Type.String({ description: 'What the card calls its version.' }),
  createdAt: time('When it came.'),
  proposedBy: Type.Optional(Type.String({ description: 'Id of the principal that brought it.' })),
  decidedAt: Type.Optional(time('When it was approved, rejected or superseded.')),
  decidedBy: Type.Optional(Type.String({ description: 'Id of the principal that did so.' })),
};

export const cardVersionSchema = component('CardVersion', Type.Object(versionFields, closed));

export const versionAnswer = (one: CardVersion): Static<typeof cardVersionSchema> => ({
  version: one.version,
  status: one.status,
  inUse: one.isInUse,
  signature: signatureAnswer(one.signature),
  cardsOwnVersion: one.cardsOwnVersion,
  createdAt: one.createdAt.toISOString(),
  ...(one.proposedBy === null ? {} : { proposedBy: one.proposedBy }),
  ...(one.decidedAt === null ? {} : { decidedAt: one.decidedAt.toISOString() }),
  ...(one.decidedBy === null ? {} : { decidedBy: one.decidedBy }),
});

/** A card as it came. */
export const originalCardSchema = component(
  'OriginalCard',
  Type.Object(
    {
      ...versionFields,
      cardUrl: Type.Optional(Type.String({ description: 'Where it was fetched from.' })),
      card: Type.Unsafe<JsonObject>({ type: 'object', description: 'The agent’s own card, with its own signatures.' }),
    },
    closed,
  ),
);

const changeSchema = Type.Object(
  {
    path: Type.String({ description: 'Where, for example `skills[translate].tags`.' }),
    kind: Type.Enum(['added', 'removed', 'changed']),
    before: Type.Optional(Type.Unsafe<JsonValue>({ description: 'Absent when it was added.' })),
    after: Type.Optional(Type.Unsafe<JsonValue>({ description: 'Absent when it was removed.' })),
  },
  closed,
);

export const cardDiffSchema = component(
  'CardDiff',
  Type.Object(
    {
      changes: Type.Array(changeSchema, { maxItems: limits.cardChangesMax }),
      changeCount: Type.Integer({ minimum: 0, description: 'All of them, also those that are not shown.' }),
      material: Type.Array(Type.Enum(['interfaces', 'security', 'skills', 'terms', 'signature']), {
        description: 'What a tenant may want to approve.',
      }),
    },
    closed,
  ),
);

export const diffAnswer = ({ changes, changeCount, material }: CardDiff): Static<typeof cardDiffSchema> => ({
  changes: changes.map((change) => ({ ...change })),
  changeCount,
  material: [...material],
});

interface CardFields {
  readonly card?: JsonObject;
  readonly cardUrl?: string;
}

/** Where a card comes from; null when neither is given. Throws when both are. */
export function cardOriginOf({ card, cardUrl }: CardFields): RegisterAgentInput['source'] | null {
  if (card !== undefined && cardUrl !== undefined) {
    const violations = [{ field: 'card', description: 'only one of card and cardUrl may be given' }];
    throw new PlatformError('request.invalid', { violations });
  }
  if (cardUrl !== undefined) return { kind: 'url', url: cardUrl };
  return card === undefined ? null : { kind: 'document', ...publishedBy(card) };
}

function publishedBy(document: JsonObject): PublishedDocument {
  try {
    return { card: decodeAnyAgentCard(document, defaultDecodeLimits), document };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new PlatformError('registry.card-invalid', { violations: error.violations });
  }
}
