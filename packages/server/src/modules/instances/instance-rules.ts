import type { InstanceSettings } from './instance.ts';

/** One invalid field of a request. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The violations of an instance's settings, beyond the ranges that the request schema checks. */
export function settingViolations({ version, region }: InstanceSettings): Violation[] {
  return [
    ...(version !== null && unprintable.test(version)
      ? [{ field: 'version', description: 'must have no control characters' }]
      : []),
    ...(region !== null && !label.test(region)
      ? [{ field: 'region', description: 'must be 1 to 63 lower-case ASCII letters, digits and inner hyphens' }]
      : []),
  ];
}

/** The text in one line: line breaks and invisible characters become spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
