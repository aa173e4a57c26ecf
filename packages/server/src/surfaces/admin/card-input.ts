import type { JsonObject } from '@colloquy/protocol';
import { decodeAnyAgentCard } from '@colloquy/protocol/cards';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { DecodeError } from '@colloquy/protocol/errors';
import { PlatformError } from '../../kernel/errors.ts';
import type { PublishedDocument, RegisterAgentInput } from '../../modules/registry/index.ts';

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
