import type { Confirmation } from './confirmation.ts';

/** What the tokens of a client must be bound to: nothing, the key of DPoP proofs, or its certificate. */
export const tokenBindings = ['none', 'dpop', 'certificate'] as const;

export type TokenBinding = (typeof tokenBindings)[number];

/** Whether a token is bound as its client's must be. One that need not be bound may be. */
export function isBoundAs(binding: TokenBinding, confirmation: Confirmation | null): boolean {
  switch (binding) {
    case 'none':
      return true;
    case 'dpop':
      return confirmation !== null && confirmation.jkt !== null;
    case 'certificate':
      return confirmation !== null && confirmation.x5tS256 !== null;
  }
}
