import type { Statement } from '../statement.ts';
import type { CardRow } from './find-card.ts';

const text = `select card, version, 'public' as card_visibility, modified_at from colloquy.find_public_card($1, $2)`;

/** The current card of an agent that shows it to everybody. */
export function findPublicCard(tenantSlug: string, name: string): Statement<CardRow> {
  return { name: 'find-public-card', text, values: [tenantSlug, name] };
}
