import { object, optional, string } from './answer-shape.ts';
import type { Reader } from './answer-shape.ts';

/** A secret of a client, without itself. Times are RFC 3339. */
export interface ClientSecret {
  readonly secretId: string;
  readonly createdAt: string;
  /** Absent when it does not end by itself. */
  readonly expiresAt?: string | undefined;
  readonly revokedAt?: string | undefined;
}

/** A secret that has just been made, and its only showing. */
export interface AddedClientSecret extends ClientSecret {
  readonly clientSecret: string;
}

const secretMembers = {
  secretId: string,
  createdAt: string,
  expiresAt: optional(string),
  revokedAt: optional(string),
};

/** Reads a secret. */
export const clientSecret: Reader<ClientSecret> = object<ClientSecret>(secretMembers);

/** Reads a secret that has just been made. */
export const addedClientSecret: Reader<AddedClientSecret> = object<AddedClientSecret>({
  ...secretMembers,
  clientSecret: string,
});

/** An authority that a tenant trusts to issue certificates to its clients. Times are RFC 3339. */
export interface ClientAuthority {
  readonly authorityId: string;
  /** For people. */
  readonly name: string;
  /** PEM text. */
  readonly certificate: string;
  /** As RFC 4514 writes it. */
  readonly subject: string;
  /** SHA-256 of the certificate, base64url. */
  readonly thumbprint: string;
  readonly expiresAt: string;
  readonly addedAt: string;
}

/** Reads an authority. */
export const clientAuthority: Reader<ClientAuthority> = object<ClientAuthority>({
  authorityId: string,
  name: string,
  certificate: string,
  subject: string,
  thumbprint: string,
  expiresAt: string,
  addedAt: string,
});
