import type { AgentCard, AgentCardSignature } from '@colloquy/protocol';

/** Signs cards with the platform's key. */
export interface CardSigner {
  /** Id of the key that signs now, as `/.well-known/jwks.json` has it. */
  readonly kid: string;
  /** Signatures over a card without signatures, by that key (A2A 1.0 section 8.4); different each time. */
  sign(card: AgentCard): Promise<readonly AgentCardSignature[]>;
}
