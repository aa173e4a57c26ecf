export { assignRole } from './assign-role.ts';
export type { AssignRoleInput } from './assign-role.ts';
export { Authenticator } from './authenticator.ts';
export type { AuthorizationRecord, AuthorizationRecordStore } from './authorization-record-store.ts';
export { authorize } from './authorize.ts';
export { delegate } from './delegate.ts';
export type { Delegation, DelegationRefusal, DelegationWish } from './delegate.ts';
export { certificateNameKinds, clientAuthMethods } from './client-authentication.ts';
export type {
  CertificateName,
  CertificateNameKind,
  ClientAuthentication,
  ClientAuthMethod,
  ClientKeySet,
} from './client-authentication.ts';
export type { ClientSecretHasher } from './client-secret-hasher.ts';
export type { ClientAuthority, ClientAuthorityStore } from './client-authority.ts';
export { addClientAuthority, listClientAuthorities, removeClientAuthority } from './client-authorities.ts';
export type { ClientKeyReader, ReadCertificate } from './client-key-reader.ts';
export type { WantedAuthentication } from './client-proof-rules.ts';
export type { ClientSecret } from './client-secret.ts';
export type { ClientSecretStore } from './client-secret-store.ts';
export { addClientSecret, listClientSecrets, revokeClientSecret } from './client-secrets.ts';
export { createClient, createKeyClient, createOperator } from './create-client.ts';
export type { Confirmation } from './confirmation.ts';
export { apiKeyPrefix, judgeCredential } from './credential-kind.ts';
export type { CredentialJudges, CredentialKind, JudgeCredential } from './credential-kind.ts';
export { nameViolations, scopeViolations } from './credential-rules.ts';
export { clientsInGoodStanding } from './clients-in-good-standing.ts';
export type { Grant, HeldRole } from './grant.ts';
export type { GrantsWanted, GrantStore, NewGrant } from './grant-store.ts';
export type { Identity } from './identity.ts';
export { accessTokenJudge, judgeAccessToken, standingOf } from './judge-access-token.ts';
export type { JudgeAccessToken, JudgedToken, TokenJudgePorts } from './judge-access-token.ts';
export { listGrants } from './list-grants.ts';
export { listStops } from './list-stops.ts';
export { listClients } from './list-clients.ts';
export type { ClientCredentialRecord, CreatedOAuthClient, OAuthClient } from './oauth-client.ts';
export type { NewClientSecret, NewOAuthClient, OAuthClientStore } from './oauth-client-store.ts';
export { operations, policyOf } from './policy-table.ts';
export type { Operation } from './policy-table.ts';
export type { PresentedCertificate, PresentedCredentials } from './presented-credentials.ts';
export type { ProofNonces } from './proof-nonces.ts';
export type { Proof, ProofVerifier, ProvedRequest } from './proof-verifier.ts';
export { identityOf } from './proven-identity.ts';
export type { ProvenIdentity } from './proven-identity.ts';
export { refuseEscalation } from './refuse-escalation.ts';
export { revokeClient } from './revoke-client.ts';
export { scopes, tenantScopes } from './scope.ts';
export { removeGrant } from './remove-grant.ts';
export { roles, roleTable } from './role.ts';
export type { Role } from './role.ts';
export type { RoleStore } from './role-store.ts';
export type { Scope } from './scope.ts';
export type { SpentProofStore } from './spent-proof-store.ts';
export { tokenBindings } from './token-binding.ts';
export type { TokenBinding } from './token-binding.ts';
export type { Person, PersonRights } from './person.ts';
export type { PersonStore } from './person-store.ts';
export type { Revocation, RevocationStore } from './revocation-store.ts';
export { StandingWatch } from './standing-watch.ts';
export type { StandingWatchPorts } from './standing-watch.ts';
export type { AgedSigningKey, SigningKeyFacts, SigningKeyStore, StoredSigningKey } from './signing-key-store.ts';
export { dropSigningKey, listSigningKeys, rotateSigningKey } from './signing-keys.ts';
export type { SigningKeyControl, SigningKeyState } from './signing-keys.ts';
export { liftStop, setStop } from './set-stop.ts';
export type { Stop, StopKind, StopTarget } from './stop.ts';
export type { StopStore } from './stop-store.ts';
export type { TokenClaims, TokenVerifier } from './token-verifier.ts';
