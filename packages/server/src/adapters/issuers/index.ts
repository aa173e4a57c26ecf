export { createExternalTokens } from './external-tokens.ts';
export { createIssuerExaminer } from './issuer-examiner.ts';
export { IssuerKeys } from './issuer-keys.ts';
