/** Signatures of agent cards (A2A 1.0 section 8.4): canonical JSON (RFC 8785) under detached JSON Web Signatures (RFC 7515). */
export { canonicalJson } from './canonical-json.ts';
export { cardSignatureAlgorithms, cardSignaturesMax, signatureKeyIds } from './signature-header.ts';
export type { CardSignatureAlgorithm, SignatureFault } from './signature-header.ts';
export { signCardDocument } from './sign-card.ts';
export type { CardSigningKey } from './sign-card.ts';
export { signingTexts } from './signing-form.ts';
export type { SigningForm, SigningText } from './signing-form.ts';
export { verifyCardDocument } from './verify-card.ts';
export type { CardVerdict, TrustedCardKey } from './verify-card.ts';
