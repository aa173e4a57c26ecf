import type { JsonObject } from '@colloquy/protocol';
import { signCardDocument } from '@colloquy/protocol/signing';
import { encodeAgentCard } from '@colloquy/protocol/v1';
import type { CardSigner } from '../../modules/registry/index.ts';
import type { Signer } from './signing-key.ts';

/** Signs cards with the newest signing key. Over HTTPS, signatures name the address of our published keys. */
export function createCardSigner(
  publicUrl: () => string,
  keys: { readonly current: Pick<Signer, 'kid' | 'sign'> },
): CardSigner {
  return {
    get kid() {
      return keys.current.kid;
    },
    sign(card) {
      const { kid, sign } = keys.current;
      const base = publicUrl();
      const jku = base.startsWith('https:') ? { jku: `${base}/.well-known/jwks.json` } : {};
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an encoded card is a JSON object
      const document = JSON.parse(encodeAgentCard(card)) as JsonObject;
      return signCardDocument(document, { kid, algorithm: 'ES256', sign, ...jku });
    },
  };
}
