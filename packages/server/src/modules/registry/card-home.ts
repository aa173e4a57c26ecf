import { PlatformError } from '../../kernel/errors.ts';
import { chooseInterface } from './agent-wire.ts';
import type { ChosenInterface } from './agent-wire.ts';
import type { PublishedDocument } from './card-source.ts';
import type { ReadCard } from './read-card.ts';
import { credentialOriginOf } from './upstream-credential.ts';

/**
 * A card that was read at an address speaks for that origin alone, unless a key that the tenant trusts signed it: whoever can publish a card
 * somewhere could otherwise send the tenant's messages anywhere. One that was handed over is the word of whoever did. `agreed` are origins
 * that the tenant has let the agent have already. Throws `registry.card-invalid`.
 */
export function assertLeadsHome(
  { cardUrl, chosen, standing }: Pick<ReadCard, 'cardUrl' | 'chosen' | 'standing'>,
  agreed: readonly string[] = [],
): void {
  if (cardUrl === null || standing.state === 'verified' || agreed.includes(credentialOriginOf(chosen))) return;
  assertAt(cardUrl, chosen);
}

/** As {@link assertLeadsHome}, for a card that was read where its agent is said to be, whoever signed it. */
export function assertIsThere(url: string, { card }: PublishedDocument): void {
  const chosen = chooseInterface(card);
  if (chosen !== null) assertAt(url, chosen);
}

/** A gRPC interface has a port of its own, so there the host counts. */
function assertAt(cardUrl: string, { url, wire }: ChosenInterface): void {
  const [home, place] = [new URL(cardUrl), new URL(url)];
  if (wire.endsWith('GRPC') ? home.hostname === place.hostname : home.origin === place.origin) return;
  const description = `must have the origin that the card was read from, ${home.origin}: hand over the card itself, or have it signed by a trusted key`;
  throw new PlatformError('registry.card-invalid', { violations: [{ field: 'supportedInterfaces', description }] });
}
