/** Protocol versions this codec speaks, as `Major.Minor`. */
export const supportedVersions = ['1.0'] as const;

/** A version this codec speaks. */
export type SupportedVersion = (typeof supportedVersions)[number];

/** What the caller's version means for us. `requested` is bounded and safe to show. */
export type VersionOutcome =
  | { readonly kind: 'supported'; readonly version: SupportedVersion }
  | { readonly kind: 'not-supported'; readonly requested: string; readonly supported: readonly SupportedVersion[] };

/** The version of a caller who names none (A2A 1.0 section 3.6.2). */
const impliedVersion = '0.3';

const shownCharsMax = 32;

/**
 * Settles the protocol version from the `A2A-Version` header or, without one, the query parameter of that name
 * (A2A 1.0 section 3.6). Absent and empty mean 0.3; a patch number is ignored. `not-supported` is answered with
 * `VersionNotSupportedError`.
 */
export function negotiateVersion(header: string | undefined, query?: string): VersionOutcome {
  const requested = named(header) ?? named(query) ?? impliedVersion;
  const majorMinor = /^(\d{1,4}\.\d{1,4})(?:\.\d{1,4})?$/.exec(requested)?.[1];
  const version = supportedVersions.find((candidate) => candidate === majorMinor);
  if (version !== undefined) return { kind: 'supported', version };
  const shown = requested.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, shownCharsMax);
  return { kind: 'not-supported', requested: shown, supported: supportedVersions };
}

function named(version: string | undefined): string | undefined {
  const trimmed = version?.trim();
  return trimmed === '' ? undefined : trimmed;
}
