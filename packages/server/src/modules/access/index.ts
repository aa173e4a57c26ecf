export { Authenticator } from './authenticator.ts';
export type { AuthorizationRecord, AuthorizationRecordStore } from './authorization-record-store.ts';
export { authorize } from './authorize.ts';
export { certificateNameKinds, clientAuthMethods } from './client-authentication.ts';
export type {
  CertificateName,
  CertificateNameKind,
  ClientAuthentication,
  ClientAuthMethod,
  ClientKeySet,
} from './client-authentication.ts';
export type { ClientSecretHasher } from './client-secret-hasher.ts';
export { createClient, createOperator } from './create-client.ts';
export type { Confirmation } from './confirmation.ts';
export type { Identity } from './identity.ts';
export { listClients } from './list-clients.ts';
export type { ClientCredentialRecord, CreatedOAuthClient, OAuthClient } from './oauth-client.ts';
export type { NewClientSecret, NewOAuthClient, OAuthClientStore } from './oauth-client-store.ts';
export { operations, policyOf } from './policy-table.ts';
export type { Operation } from './policy-table.ts';
export type { PresentedCertificate, PresentedCredentials } from './presented-credentials.ts';
export type { ProofNonces } from './proof-nonces.ts';
export type { Proof, ProofVerifier, ProvedRequest } from './proof-verifier.ts';
export { revokeClient } from './revoke-client.ts';
export { scopes } from './scope.ts';
export type { Scope } from './scope.ts';
export type { AgedSigningKey, SigningKeyStore, StoredSigningKey } from './signing-key-store.ts';
export type { SpentProofStore } from './spent-proof-store.ts';
export { tokenBindings } from './token-binding.ts';
export type { TokenBinding } from './token-binding.ts';
export type { TokenClaims, TokenVerifier } from './token-verifier.ts';
