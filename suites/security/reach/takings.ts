import { tokenOf } from '../authorization-matrix/identities.ts';
import { agentName, tenantSlug } from './scene.ts';
import type { Scene } from './scene.ts';

/** Something that is about to be taken from a bearer. */
export interface Taking {
  readonly token: string;
  /** Whether streams of the bearer have to end with it. */
  readonly endsStreams: boolean;
  /** Takes it, at one of the replicas. */
  readonly take: () => Promise<unknown>;
  /** Makes room for the next trial. */
  readonly undo: () => Promise<unknown>;
}

const scopes = ['a2a:send', 'a2a:read', 'a2a:cancel'];
const reason = 'it is tried';
const newName = (): string => `tried-${crypto.randomUUID().slice(0, 8)}`;
const nothing = (): Promise<void> => Promise.resolve();

/** Every way to take rights away, by name; `at` is the replica that is told of it. */
export const takings: Readonly<Record<string, (scene: Scene, at: 0 | 1) => Promise<Taking>>> = {
  async 'a token is revoked'(scene, at) {
    const { token, clientId, clientSecret } = await clientOf(scene);
    const body = new URLSearchParams({ token, client_id: clientId, client_secret: clientSecret });
    const take = () => fetch(`${scene.urls[at] ?? ''}/oauth/revoke`, { method: 'POST', body });
    return { token, endsStreams: true, take, undo: nothing };
  },
  async 'a client is stopped'(scene, at) {
    const { token, clientId } = await clientOf(scene);
    const admin = operatorAt(scene, at);
    const take = () => admin.stopPrincipal({ principal: clientId, body: { reason } });
    return { token, endsStreams: true, take, undo: nothing };
  },
  async 'an agent is stopped'(scene, at) {
    const { token } = await clientOf(scene);
    const admin = operatorAt(scene, at);
    const take = () => admin.stopAgent({ agent: agentName, body: { reason } });
    return { token, endsStreams: true, take, undo: () => admin.resumeAgent({ agent: agentName }) };
  },
  async 'a tenant is stopped'(scene, at) {
    const { token } = await clientOf(scene);
    const admin = operatorAt(scene, at);
    const take = () => admin.stopTenant({ body: { reason } });
    return { token, endsStreams: true, take, undo: () => admin.resumeTenant() };
  },
  async 'a role is taken'(scene, at) {
    const { clientId, clientSecret } = await newClient(scene);
    const admin = operatorAt(scene, at);
    const { grantId } = await admin.createGrant({ body: { principal: clientId, role: 'caller', agent: agentName } });
    const token = await tokenOf(scene.urls[0] ?? '', { clientId, clientSecret });
    return { token, endsStreams: true, take: () => admin.removeGrant({ grant: grantId }), undo: nothing };
  },
  async 'an API key is revoked'(scene, at) {
    const admin = operatorAt(scene, at);
    const { apiKey, keyId } = await admin.createApiKey({ body: { name: newName(), scopes } });
    return { token: apiKey, endsStreams: true, take: () => admin.revokeApiKey({ key: keyId }), undo: nothing };
  },
};

function operatorAt({ replicas }: Scene, at: 0 | 1): ReturnType<Scene['tenant']['client']['admin']['forTenant']> {
  return replicas[at].operator.admin.forTenant(tenantSlug);
}

function newClient({ replicas }: Scene): Promise<{ readonly clientId: string; readonly clientSecret: string }> {
  return replicas[0].operator.admin.forTenant(tenantSlug).createClient({ body: { name: newName(), scopes } });
}

async function clientOf(
  scene: Scene,
): Promise<{ readonly token: string; readonly clientId: string; readonly clientSecret: string }> {
  const { clientId, clientSecret } = await newClient(scene);
  return { clientId, clientSecret, token: await tokenOf(scene.urls[0] ?? '', { clientId, clientSecret }) };
}
