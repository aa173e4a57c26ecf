import type { Statement } from '../statement.ts';

/** Lets others have what dead nodes claimed, without waiting for the claims to grow old. */
export function freeClaimsOfTheDead(): Statement {
  return {
    name: 'free-claims-of-the-dead',
    text: `
      update colloquy.push_subscriptions s set lease_id = null, lease_node_id = null, lease_until = null
      from colloquy.nodes n
      where s.is_active and s.lease_until > colloquy.now_utc() and n.node_id = s.lease_node_id and n.dead_at is not null`,
    values: [],
  };
}
