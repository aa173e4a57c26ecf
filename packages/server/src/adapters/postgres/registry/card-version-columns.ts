import type { JsonObject } from '@colloquy/protocol';
import { decodeAgentCard, defaultDecodeLimits, encodeAgentCard } from '@colloquy/protocol/v1';
import type { CardVersion, StoredCard } from '../../../modules/registry/index.ts';
import { signatureColumns, signatureOf } from './agent-columns.ts';
import type { SignatureColumns } from './agent-columns.ts';

/** The columns of a card version without its card, from `colloquy.agent_card_versions v` and its `colloquy.agents a`. */
export const cardVersionColumns = `
  v.version, v.status, v.version = a.card_version as is_in_use, v.card ->> 'version' as cards_own_version, v.proposed_by, v.created_at,
  v.decided_by, v.decided_at, ${signatureColumns}`;

export interface CardVersionRow extends SignatureColumns {
  readonly version: number;
  readonly status: CardVersion['status'];
  readonly is_in_use: boolean;
  readonly cards_own_version: string;
  readonly proposed_by: string | null;
  readonly created_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
}

/** The columns of a card version with its card. */
export const storedCardColumns = `${cardVersionColumns}, v.card, v.document, v.card_url, v.profile`;

export interface StoredCardRow extends CardVersionRow {
  readonly card: unknown;
  /** JSON text; null for versions from before documents were stored. */
  readonly document: string | null;
  readonly card_url: string | null;
  readonly profile: JsonObject | null;
}

export function cardVersionOf(row: CardVersionRow): CardVersion {
  return {
    version: row.version,
    status: row.status,
    isInUse: row.is_in_use,
    signature: signatureOf(row),
    cardsOwnVersion: row.cards_own_version,
    proposedBy: row.proposed_by,
    createdAt: row.created_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  };
}

export function storedCardOf(row: StoredCardRow): StoredCard {
  const card = decodeAgentCard(row.card, defaultDecodeLimits);
  return {
    ...cardVersionOf(row),
    card,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written as the text of a JSON object
    document: JSON.parse(row.document ?? encodeAgentCard(card)) as JsonObject,
    cardUrl: row.card_url,
    profile: row.profile,
  };
}
