/** Every MUST and SHOULD of the A2A specification 1.0.1, as data. keyword-counts.ts holds what proves that none is missing. */
import type { Requirement } from './requirement.ts';
import { bindingRequirements } from './requirements/bindings.ts';
import { discoveryRequirements } from './requirements/discovery.ts';
import { interoperabilityRequirements } from './requirements/interoperability.ts';
import { operationRequirements } from './requirements/operations.ts';
import { securityRequirements } from './requirements/security.ts';
import { semanticRequirements } from './requirements/semantics.ts';

export const requirements: readonly Requirement[] = [
  ...operationRequirements,
  ...semanticRequirements,
  ...interoperabilityRequirements,
  ...discoveryRequirements,
  ...bindingRequirements,
  ...securityRequirements,
];
