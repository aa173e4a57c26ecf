import type { Confirmation } from './confirmation.ts';

/** The binding that a client's tokens must have: none, the key of DPoP proofs, or its certificate. */
export const tokenBindings = ['none', 'dpop', 'certificate'] as const;

export type TokenBinding = (typeof tokenBindings)[number];

/** Whether a token has the binding that its client requires. A token may be bound without need. */
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
