import { hash, KeyObject, randomBytes, webcrypto } from 'node:crypto';
import './reflect-metadata.ts';
import type { Extension, X509Certificate } from '@peculiar/x509';

// Imported when the metadata above is there.
const x509 = await import('@peculiar/x509');
x509.cryptoProvider.set(webcrypto);

/** A certificate and its key. */
export interface TestCertificate {
  /** PEM; of one that a lower authority issued, with that authority's certificate behind it. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
  /** DER of the certificate alone. */
  readonly der: Buffer;
  /** SHA-256 of the public key (SPKI), base64: what pins name. */
  readonly pin: string;
}

export interface TestCertificateOptions {
  /** Default: `localhost`. */
  readonly commonName?: string;
  /** The whole subject, over the common name: `O=Example, CN=worker`. */
  readonly subject?: string;
  /** Default: localhost and 127.0.0.1. */
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
  readonly uris?: readonly string[];
  readonly emails?: readonly string[];
  /** Default: both. */
  readonly usage?: 'server' | 'client';
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** An authority that issues certificates for tests. */
export interface TestAuthority {
  /** PEM, what those who trust it are given. */
  readonly certificate: string;
  issue(options?: TestCertificateOptions): Promise<TestCertificate>;
  /** A lower authority that this one vouches for. */
  lower(name: string): Promise<TestAuthority>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const usageIds = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };
const longAgo = new Date('2020-01-01T00:00:00Z');
const farOff = new Date('2120-01-01T00:00:00Z');

/** A self-signed certificate. */
export async function selfSigned(options: TestCertificateOptions = {}): Promise<TestCertificate> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validityOf(options),
    name: subjectOf(options),
    keys,
    extensions: extensionsOf(options),
  });
  return testCertificate(certificate, keys, '');
}

export async function createTestAuthority(name = 'Authority of a test'): Promise<TestAuthority> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validityOf({}),
    name: `CN=${name}`,
    keys,
    extensions: authorityExtensions(),
  });
  return authorityOf(certificate, keys, '');
}

/** `chain`: what an issued certificate is followed by, so that it leads to one that is trusted. */
function authorityOf(own: X509Certificate, keys: webcrypto.CryptoKeyPair, chain: string): TestAuthority {
  const sign = (
    subject: string,
    publicKey: webcrypto.CryptoKey,
    options: TestCertificateOptions,
    extensions: Extension[],
  ) =>
    x509.X509CertificateGenerator.create({
      ...validityOf(options),
      subject,
      issuer: own.subject,
      publicKey,
      signingKey: keys.privateKey,
      extensions,
    });
  return {
    certificate: own.toString('pem'),
    async issue(options = {}) {
      const theirs = await newKeys();
      const issued = await sign(subjectOf(options), theirs.publicKey, options, extensionsOf(options));
      return testCertificate(issued, theirs, chain);
    },
    async lower(name) {
      const theirs = await newKeys();
      const issued = await sign(`CN=${name}`, theirs.publicKey, {}, authorityExtensions());
      return authorityOf(issued, theirs, `\n${issued.toString('pem')}${chain}`);
    },
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function subjectOf({ subject, commonName = 'localhost' }: TestCertificateOptions): string {
  return subject ?? `CN=${commonName}`;
}

function validityOf({ notBefore = longAgo, notAfter = farOff }: TestCertificateOptions) {
  return { serialNumber: `01${randomBytes(15).toString('hex')}`, notBefore, notAfter, signingAlgorithm: algorithm };
}

function extensionsOf({ dns, ips, uris = [], emails = [], usage }: TestCertificateOptions): Extension[] {
  const isNamed = dns !== undefined || ips !== undefined || uris.length + emails.length > 0;
  const names = [
    ...(isNamed ? (dns ?? []) : ['localhost']).map((value) => ({ type: 'dns' as const, value })),
    ...(isNamed ? (ips ?? []) : ['127.0.0.1']).map((value) => ({ type: 'ip' as const, value })),
    ...uris.map((value) => ({ type: 'url' as const, value })),
    ...emails.map((value) => ({ type: 'email' as const, value })),
  ];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.ExtendedKeyUsageExtension(usage === undefined ? Object.values(usageIds) : [usageIds[usage]]),
    new x509.SubjectAlternativeNameExtension(names),
  ];
}

function authorityExtensions(): Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

function testCertificate(certificate: X509Certificate, keys: webcrypto.CryptoKeyPair, chain: string): TestCertificate {
  const publicKey = KeyObject.from(keys.publicKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    certificate: certificate.toString('pem') + chain,
    key: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(),
    der: Buffer.from(certificate.rawData),
    pin: hash('sha256', spki, 'base64'),
  };
}
