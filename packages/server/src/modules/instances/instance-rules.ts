import type { InstanceSettings } from './instance.ts';

/** One complaint about a request. */
export interface Violation {
  readonly field: string;
  readonly description: string;
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Everything wrong with what is said of an instance, beyond the ranges that its schema judges. */
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

/** A sentence for people, in one line: what breaks lines or hides is blank. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
