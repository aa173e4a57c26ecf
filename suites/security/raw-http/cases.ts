import type { CaseSetting } from './case-forms.ts';
import { framingCases } from './framing-cases.ts';
import { messageCases } from './message-cases.ts';

/** Bytes on one connection. A correct parser never reads the smuggled request as one. */
export interface RawCase {
  readonly name: string;
  readonly bytes: string;
}

/** Every case, for one caller. `smuggledOf` makes the smuggled request, with a number of its own for each case. */
export function rawCases(
  setting: Omit<CaseSetting, 'smuggled'>,
  smuggledOf: (number: number) => string,
): readonly RawCase[] {
  return [...framingCases, ...messageCases].map(([name, template], number) => ({
    name,
    bytes: template({ ...setting, smuggled: smuggledOf(number) }),
  }));
}
