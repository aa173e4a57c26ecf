import { limits } from '../../kernel/limits.ts';

/**
 * Names the extension by which an agent's card says how fast it wants to be called: `params.requestsPerSecond` messages a second over
 * time, and `params.burst` of them at once.
 */
export const limitsExtensionUri = 'urn:colloquy:extension:limits:v1';

interface CardExtension {
  readonly uri?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What is wrong with the limits in a card; null when they are valid or absent. */
export function cardLimitProblem(extensions: readonly CardExtension[] | undefined): string | null {
  const params = extensions?.find(({ uri }) => uri === limitsExtensionUri)?.params;
  if (params === undefined) return null;
  const isRate = params['requestsPerSecond'] === undefined || isAmount(params['requestsPerSecond'], 0.001);
  const isBurst = params['burst'] === undefined || (Number.isInteger(params['burst']) && isAmount(params['burst'], 1));
  return isRate && isBurst
    ? null
    : `requestsPerSecond must be a number from 0.001 and burst an integer from 1, both to ${limits.requestsPerSecondMax}`;
}

function isAmount(value: unknown, min: number): boolean {
  return typeof value === 'number' && value >= min && value <= limits.requestsPerSecondMax;
}
