import type { Scenario } from '../run/scenario.ts';
import { accessScenarios } from './access.ts';
import { cardScenarios } from './cards.ts';
import { errorScenarios } from './errors.ts';
import { extendedCardScenarios } from './extended-cards.ts';
import { listingScenarios } from './listing.ts';
import { notifyingScenarios } from './notifying.ts';
import { operationScenarios } from './operations.ts';
import { rawHttpScenarios } from './raw-http.ts';
import { sendingScenarios, turnScenarios } from './sending.ts';
import { signedCardScenarios } from './signed-cards.ts';
import { streamingScenarios } from './streaming.ts';

export const scenarios: readonly Scenario[] = [
  ...sendingScenarios,
  ...turnScenarios,
  ...streamingScenarios,
  ...listingScenarios,
  ...accessScenarios,
  ...errorScenarios,
  ...rawHttpScenarios,
  ...cardScenarios,
  ...extendedCardScenarios,
  ...signedCardScenarios,
  ...notifyingScenarios,
  ...operationScenarios,
];
