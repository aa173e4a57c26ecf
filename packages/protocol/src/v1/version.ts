/** Protocol versions this codec speaks, as `Major.Minor`. */
export const supportedVersions = ['1.0'] as const;

/** A version this codec speaks. */
export type SupportedVersion = (typeof supportedVersions)[number];

/** What the caller's version means for us. `requested` is bounded and safe to show. */
export type VersionOutcome =
  | { readonly kind: 'supported'; readonly version: SupportedVersion }
  | { readonly kind: 'not-supported'; readonly requested: string; readonly supported: readonly SupportedVersion[] };

/** A version that a request names. */
export interface NamedVersion {
  /** `Major.Minor`; undefined for what is no version number. */
  readonly majorMinor: string | undefined;
  /** What was sent, bounded and safe to show. */
  readonly shown: string;
}

/** The version of a caller who names none (A2A 1.0 section 3.6.2). */
export const impliedVersion = '0.3';

const shownCharsMax = 32;

/**
 * The version that a request names in the `A2A-Version` header or, without one, in the query parameter of that name
 * (A2A 1.0 section 3.6). Undefined when both are absent or empty; a patch number is ignored.
 */
export function namedVersion(header: string | undefined, query?: string): NamedVersion | undefined {
  const named = nonEmpty(header) ?? nonEmpty(query);
  if (named === undefined) return undefined;
  return {
    majorMinor: /^(\d{1,4}\.\d{1,4})(?:\.\d{1,4})?$/.exec(named)?.[1],
    shown: named.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, shownCharsMax),
  };
}

/**
 * Settles the protocol version for a host that speaks only this codec's. Absent and empty mean 0.3. `not-supported` is
 * answered with `VersionNotSupportedError`.
 */
export function negotiateVersion(header: string | undefined, query?: string): VersionOutcome {
  const { majorMinor, shown } = namedVersion(header, query) ?? { majorMinor: impliedVersion, shown: impliedVersion };
  const version = supportedVersions.find((candidate) => candidate === majorMinor);
  if (version !== undefined) return { kind: 'supported', version };
  return { kind: 'not-supported', requested: shown, supported: supportedVersions };
}

function nonEmpty(version: string | undefined): string | undefined {
  const trimmed = version?.trim();
  return trimmed === '' ? undefined : trimmed;
}
