import type { Arguments } from './arguments.ts';
import { UsageError } from './usage-error.ts';

/** The value of an option that has a few; undefined when it was not given. Throws a UsageError for any other value. */
export function chosen<Value extends string>(
  args: Arguments,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const value = values.find((candidate) => candidate === text);
  if (value !== undefined) return value;
  throw new UsageError(`--${name} must be ${values.join(' or ')}, not "${text}".`, 'Choose one of them.');
}
