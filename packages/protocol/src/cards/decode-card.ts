import type { DecodeLimits } from '../codec/index.ts';
import type { AgentCard } from '../model/index.ts';
import { decodeAgentCard as decodeCardV01 } from '../v0_1/index.ts';
import { decodeAgentCard as decodeCardV03 } from '../v0_3/index.ts';
import { decodeAgentCard as decodeCardV1 } from '../v1/index.ts';
import { cardVersionOf } from './card-version.ts';
import type { CardVersion } from './card-version.ts';

const decoders: Readonly<Record<CardVersion, (card: unknown, limits: DecodeLimits) => AgentCard>> = {
  '1.0': decodeCardV1,
  '0.3': decodeCardV03,
  '0.1': decodeCardV01,
};

/** Decodes an agent card of whatever version; its interfaces say the versions to call them by. Throws {@link DecodeError}. */
export function decodeAnyAgentCard(card: unknown, limits: DecodeLimits): AgentCard {
  return decoders[cardVersionOf(card)](card, limits);
}
