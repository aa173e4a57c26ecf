import { createProofWriter } from './proof-writer.ts';
import type { ProofOptions } from './proof-writer.ts';

/** The address and the credentials of a load generator. */
export interface LoadTarget {
  /** Path of the agent on the server under test. */
  readonly path: string;
  /** Access token; none for a server without authentication. */
  readonly token?: string;
  /** How to prove with each request to hold the token's key; absent for a bearer token. */
  readonly proof?: ProofOptions;
  /** Id of the skill that each message names; absent for none. */
  readonly skill?: string;
}

/** Characters of a nonce; fixed, so that a request's bytes keep their length. */
export const nonceChars = 20;

/** The word that an echo agent puts before the text, so that an echo can not be mistaken for the quoted request. */
export const echoWord = 'echo ';

/** A whole HTTP request whose nonce is rewritten in place before each use. */
export interface RequestTemplate {
  /** The request with this nonce; valid until the next call. */
  withNonce(nonce: string): Buffer;
  /** The server gave a nonce for the next proof. */
  renewProof(nonce: string): void;
}

/** A SendMessage request (A2A 1.0, JSON-RPC) with a body of exactly `bodyBytes`; its id, messageId and text carry the nonce. */
export function createRequestTemplate(host: string, target: LoadTarget, bodyBytes: number): RequestTemplate {
  const mark = 'N'.repeat(nonceChars);
  const metadata =
    target.skill === undefined ? {} : { metadata: { 'urn:colloquy:extension:skill:v1': { id: target.skill } } };
  const bodyOf = (filler: string): string =>
    JSON.stringify({
      jsonrpc: '2.0',
      id: mark,
      method: 'SendMessage',
      params: {
        message: { messageId: mark, role: 'ROLE_USER', parts: [{ text: `${mark} ${filler}` }], ...metadata },
      },
    });
  const fillerBytes = bodyBytes - bodyOf('').length;
  if (fillerBytes < 0) throw new RangeError(`a body has ${bodyOf('').length} bytes at least`);
  const { token, proof } = target;
  const proofs = token === undefined || proof === undefined ? null : createProofWriter(proof, token);
  const proofMark = 'P'.repeat(proofs?.chars ?? 0);
  const head = [
    `POST ${target.path} HTTP/1.1`,
    `Host: ${host}`,
    'Content-Type: application/json',
    'Accept: application/json',
    'A2A-Version: 1.0',
    ...(token === undefined ? [] : [`Authorization: ${proofs === null ? 'Bearer' : 'DPoP'} ${token}`]),
    ...(proofs === null ? [] : [`DPoP: ${proofMark}`]),
    `Content-Length: ${bodyBytes}`,
  ].join('\r\n');
  const request = Buffer.from(`${head}\r\n\r\n${bodyOf('x'.repeat(fillerBytes))}`, 'latin1');
  const places = placesOf(request, mark);
  const proofPlace = proofs === null ? -1 : request.indexOf(proofMark);
  return {
    withNonce(nonce) {
      for (const place of places) request.write(nonce, place, nonceChars, 'latin1');
      if (proofs !== null) request.write(proofs.next(), proofPlace, proofs.chars, 'latin1');
      return request;
    },
    renewProof: (nonce) => proofs?.renew(nonce),
  };
}

function placesOf(request: Buffer, mark: string): number[] {
  const places: number[] = [];
  for (let at = request.indexOf(mark); at !== -1; at = request.indexOf(mark, at + nonceChars)) places.push(at);
  return places;
}
