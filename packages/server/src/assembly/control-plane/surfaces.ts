import type { FastifyInstance } from 'fastify';
import { registerAdminApi } from '../../surfaces/admin/index.ts';
import { registerDiscovery } from '../../surfaces/discovery/index.ts';
import type { CallerOf } from '../../surfaces/http/index.ts';
import { registerOauth } from '../../surfaces/oauth/index.ts';
import type { Parts } from '../parts.ts';
import { adminPorts } from './admin-ports.ts';
import { oauthPorts } from './oauth-ports.ts';

/** The role control: the authorization server, the admin API, and discovery for router agents. */
export async function serveControlPlane(main: FastifyInstance, parts: Parts, callerOf: CallerOf): Promise<void> {
  await registerOauth(main, oauthPorts(parts));
  const surface = { callerOf, ports: adminPorts(parts), publicUrl: () => parts.foundation.publicUrl };
  registerAdminApi(main, surface);
  registerDiscovery(main, surface);
}
