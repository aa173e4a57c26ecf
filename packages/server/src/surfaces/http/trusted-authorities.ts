import { X509Certificate } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';

/** A chain of more certificates is not followed. */
const chainCertificatesMax = 8;
const clientAuthentication = '1.3.6.1.5.5.7.3.2';
const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The authorities that a platform trusts to vouch for clients. */
export class TrustedAuthorities {
  readonly #clock: Clock;
  #roots: readonly X509Certificate[];

  /** `bundle`: PEM certificates; empty trusts no authority. Throws when one can not be read. */
  constructor(clock: Clock, bundle = '') {
    this.#clock = clock;
    this.#roots = certificatesIn(bundle);
  }

  get count(): number {
    return this.#roots.length;
  }

  /** From now on trusts these and no others. */
  replace(bundle: string): void {
    this.#roots = certificatesIn(bundle);
  }

  /**
   * Whether a path of valid signatures leads from a client's certificate over certificates of its chain to one of ours (RFC 5280
   * section 6.1, without policies and name constraints: an authority that is constrained does not belong among ours).
   */
  vouchFor(certificate: X509Certificate, chain: readonly X509Certificate[]): boolean {
    const nowMs = this.#clock.nowMs();
    const { keyUsage } = certificate;
    if (!isCurrent(certificate, nowMs) || (keyUsage !== undefined && !keyUsage.includes(clientAuthentication)))
      return false;
    const links = chain.slice(0, chainCertificatesMax);
    let last = certificate;
    for (let step = 0; step <= links.length; step += 1) {
      if (this.#roots.some((root) => isIssuedBy(last, root, nowMs))) return true;
      const next = links.find((link) => isIssuedBy(last, link, nowMs));
      if (next === undefined) return false;
      last = next;
    }
    return false;
  }
}

/** The certificates of a PEM text, in order. Throws when one can not be read. */
function certificatesIn(bundle: string): readonly X509Certificate[] {
  return Array.from(bundle.matchAll(certificateBlock), ([block]) => new X509Certificate(block));
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate, nowMs: number): boolean {
  return (
    issuer.ca && isCurrent(issuer, nowMs) && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  );
}

function isCurrent({ validFromDate, validToDate }: X509Certificate, nowMs: number): boolean {
  return validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();
}
