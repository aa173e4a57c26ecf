import { PlatformError } from '../../kernel/errors.ts';
import { chooseInterface } from './agent-wire.ts';
import type { ChosenInterface } from './agent-wire.ts';
import type { PublishedDocument } from './card-source.ts';
import type { ReadCard } from './read-card.ts';
import { credentialOriginOf } from './upstream-credential.ts';

/**
 * A card that was fetched from a URL may only name interfaces at that origin, unless a key that the tenant trusts signed it. Otherwise
 * anyone who can publish a card could direct the tenant's messages to any address. A card in the request body is the caller's own
 * responsibility. `agreed` are origins that the tenant has accepted for the agent before. Throws `registry.card-invalid`.
 */
export function assertLeadsHome(
  { cardUrl, chosen, signature }: Pick<ReadCard, 'cardUrl' | 'chosen' | 'signature'>,
  agreed: readonly string[] = [],
): void {
  if (cardUrl === null || signature.state === 'verified' || agreed.includes(credentialOriginOf(chosen))) return;
  assertAt(cardUrl, chosen);
}

/** As {@link assertLeadsHome}, for a card at the agent's claimed address, signed or not. */
export function assertIsThere(url: string, { card }: PublishedDocument): void {
  const chosen = chooseInterface(card);
  if (chosen !== null) assertAt(url, chosen);
}

/** A gRPC interface has a port of its own, so only the host is compared. */
function assertAt(cardUrl: string, { url, wire }: ChosenInterface): void {
  const [home, place] = [new URL(cardUrl), new URL(url)];
  const [here, there] = wire.endsWith('GRPC') ? [home.hostname, place.hostname] : [home.origin, place.origin];
  if (here === there) return;
  const description =
    `leads to ${there}, but the card was read from ${here}: register the agent by its address at ${there}, or correct the URL in the card; ` +
    'for an agent that is elsewhere on purpose, send the card itself (`card`), or have it signed by a trusted key';
  throw new PlatformError('registry.card-invalid', { violations: [{ field: 'supportedInterfaces', description }] });
}
