export { changeIssuer } from './change-issuer.ts';
export { externalAlgorithms, externalTokenTypes } from './external-issuer.ts';
export type {
  ExternalAlgorithm,
  ExternalClaims,
  ExternalIssuer,
  ExternalTokenType,
  IssuerRecord,
  IssuerSettings,
  TokenAddress,
} from './external-issuer.ts';
export type { ExternalIssuerStore, NewExternalIssuer } from './external-issuer-store.ts';
export type { ExternalTokens, IssuerDocuments, IssuerExaminer, IssuerPlace, TokenRules } from './external-tokens.ts';
export { judgeExternalToken } from './judge-external-token.ts';
export { listIssuers } from './list-issuers.ts';
export { registerIssuer } from './register-issuer.ts';
export { removeIssuer } from './remove-issuer.ts';
