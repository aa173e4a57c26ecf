import { callEndpoints } from './call-endpoints.ts';
import type { CallUseCases } from './call-endpoints.ts';
import { deadLetterEndpoints } from './dead-letter-endpoints.ts';
import type { ApiEndpoint } from './endpoint.ts';

/** Endpoints that need what works on tasks: calls of skills, and what was given up. */
export const workEndpoints: readonly ApiEndpoint<CallUseCases>[] = [...callEndpoints, ...deadLetterEndpoints];
