export { createAccessTokenVerifier } from './access-token-verifier.ts';
export type { AccessTokenVerifierOptions } from './access-token-verifier.ts';
export { forwardTokenSigner } from './forward-token.ts';
export type { ForwardTokenInput, SignForwardToken } from './forward-token.ts';
export { KeyVault } from './key-vault.ts';
export { loadPlatformKeyFile, parsePlatformKey, PlatformKeyError } from './platform-key.ts';
export { SigningKeyRing } from './signing-key-ring.ts';
export type { SigningKeyPorts } from './signing-key-ring.ts';
export type { PublicSigningJwk, SigningKey } from './signing-key.ts';
