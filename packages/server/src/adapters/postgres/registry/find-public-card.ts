import type { Statement } from '../statement.ts';
import type { CardRow } from './find-card.ts';

const text = `
  select tenant_id, agent_id, card, version, 'public' as card_visibility, modified_at, extended_skill_ids, digest, signatures, signed_at
  from colloquy.find_public_served_card($1, $2)`;

/** The card in use of an agent that shows it to everybody, with the signatures that are kept for it. */
export function findPublicCard(tenantSlug: string, name: string): Statement<CardRow> {
  return { name: 'find-public-card', text, values: [tenantSlug, name] };
}
