import { base64url, flattenedVerify } from './json-web-signature.ts';
import type { CryptoKey, JWK, KeyObject } from './json-web-signature.ts';
import type { JsonObject } from '../model/index.ts';
import { readSignatures } from './signature-header.ts';
import type { CardSignatureAlgorithm, ReadSignature, SignatureFault } from './signature-header.ts';
import { signingTexts } from './signing-form.ts';
import type { SigningForm, SigningText } from './signing-form.ts';

/** A key that the verifier trusts, and what it may be used with. */
export interface TrustedCardKey {
  readonly kid: string;
  readonly algorithms: readonly CardSignatureAlgorithm[];
  readonly publicKey: CryptoKey | KeyObject | JWK;
}

/**
 * The verdict on a card's signatures (A2A 1.0 section 8.4.3). One valid signature by a trusted key is enough (`verified`). Without one, a
 * signature that is wrong under a trusted key, or that no key can make valid, makes the card `invalid`; otherwise no trusted key has signed
 * it (`untrusted-key`).
 */
export type CardVerdict =
  | { readonly state: 'unsigned' }
  | { readonly state: 'verified'; readonly kid: string; readonly form: SigningForm }
  | { readonly state: 'untrusted-key'; readonly kids: readonly string[] }
  | { readonly state: 'invalid'; readonly reason: SignatureFault | 'signature-wrong'; readonly kid?: string };

/**
 * Verifies the signatures of a card's wire document against trusted keys and nothing else: neither `jku` nor a key inside a header is ever
 * used. Never rejects for what the document holds.
 */
export async function verifyCardDocument(document: JsonObject, keys: readonly TrustedCardKey[]): Promise<CardVerdict> {
  const signatures = readSignatures(document);
  if (signatures.length === 0) return { state: 'unsigned' };
  const texts = textsOf(document);
  if (texts === null) return { state: 'invalid', reason: 'malformed' };
  let fault: Extract<CardVerdict, { state: 'invalid' }> | null = null;
  for (const read of signatures) {
    const verdict = typeof read === 'string' ? invalid(read) : await judge(read, texts, keys);
    if (verdict?.state === 'verified') return verdict;
    fault ??= verdict;
  }
  const kids = signatures.flatMap((read) => (typeof read === 'string' ? [] : [read.kid]));
  return fault ?? { state: 'untrusted-key', kids: [...new Set(kids)] };
}

type Judged = Extract<CardVerdict, { state: 'verified' | 'invalid' }>;

/** Null when no trusted key has the signature's key id. */
async function judge(
  read: ReadSignature,
  texts: readonly SigningText[],
  keys: readonly TrustedCardKey[],
): Promise<Judged | null> {
  const trusted = keys.filter(({ kid }) => kid === read.kid);
  for (const key of trusted) {
    for (const { form, text } of texts) {
      if (await isRight(read, text, key)) return { state: 'verified', kid: read.kid, form };
    }
  }
  return trusted.length === 0 ? null : { ...invalid('signature-wrong'), kid: read.kid };
}

async function isRight(read: ReadSignature, text: string, key: TrustedCardKey): Promise<boolean> {
  const { protected: encoded, signature, header } = read;
  const jws = {
    payload: base64url.encode(text),
    protected: encoded,
    signature,
    ...(header === undefined ? {} : { header }),
  };
  try {
    await flattenedVerify(jws, key.publicKey, { algorithms: [...key.algorithms] });
    return true;
  } catch {
    return false;
  }
}

function invalid(reason: SignatureFault | 'signature-wrong'): Extract<CardVerdict, { state: 'invalid' }> {
  return { state: 'invalid', reason };
}

function textsOf(document: JsonObject): readonly SigningText[] | null {
  try {
    return signingTexts(document);
  } catch {
    return null;
  }
}
