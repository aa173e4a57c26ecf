import type { EgressGuards } from '../adapters/upstream/egress-guards.ts';
import type { Authentication } from './authentication.ts';
import type { Keys } from './control-plane/keys.ts';
import type { DataPlane } from './data-plane/data-plane.ts';
import type { Duties } from './duties/duties.ts';
import type { Foundation } from './foundation.ts';
import type { ListenerCertificates } from './listener-certificates.ts';
import type { GrpcPort } from './ports.ts';

/** The parts of a process, in the order in which they are built. The surfaces of both planes take what they serve from them. */
export interface Parts {
  readonly foundation: Foundation;
  readonly certificates: ListenerCertificates;
  readonly grpcPort: GrpcPort;
  readonly keys: Keys;
  readonly guards: EgressGuards;
  readonly authentication: Authentication;
  readonly duties: Duties;
  readonly dataPlane: DataPlane;
}
