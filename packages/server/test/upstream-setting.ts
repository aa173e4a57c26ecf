import { http, result } from '@colloquy/testkit';
import type { OnRequest } from '@colloquy/testkit';
import type { Clock } from '../src/kernel/clock.ts';
import type { PlatformError } from '../src/kernel/errors.ts';
import { idOf } from '../src/kernel/ids.ts';
import type { UpstreamCall, UpstreamMessage } from '../src/modules/gateway/index.ts';
import type { AgentInstance, Route } from '../src/modules/routing/index.ts';
import { A2aUpstream } from '../src/adapters/upstream/a2a-upstream.ts';
import type { A2aUpstreamOptions } from '../src/adapters/upstream/a2a-upstream.ts';
import { EgressGuard } from '../src/adapters/upstream/egress-guard.ts';

export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const laptopGuard = new EgressGuard({
  allowedRanges: ['127.0.0.0/8'],
  allowedHosts: ['agent.test'],
  ownPorts: () => new Set(),
  ownAddresses: () => [],
});

export const completedTask = { id: 'up-1', contextId: 'c-1', status: { state: 'TASK_STATE_COMPLETED' } };

/** Answers every send with a completed task. */
export const answerWell: OnRequest = (socket, { rpc }) => socket.write(http(result(rpc.id, { task: completedTask })));

export interface UpstreamSetting extends AsyncDisposable {
  readonly upstream: A2aUpstream;
  readonly faults: PlatformError[];
}

export function startUpstream(options: Partial<A2aUpstreamOptions> = {}): UpstreamSetting {
  const faults: PlatformError[] = [];
  const upstream = new A2aUpstream({
    guards: { forTenant: () => Promise.resolve(laptopGuard) },
    clock: realClock,
    signForwardToken: ({ audience, subject, tenantSlug, taskIds }) =>
      Buffer.from(JSON.stringify({ audience, subject, tenantSlug, taskIds })).toString('base64url'),
    openCredential: () => Promise.resolve('agent-secret'),
    onFault: (_call, error) => faults.push(error),
    ...options,
  });
  return { upstream, faults, [Symbol.asyncDispose]: () => upstream.close() };
}

/** An instance as any other. */
export const plainInstance: AgentInstance = {
  instanceId: 'ins_1',
  url: 'http://agent.test/',
  wire: '1.0 JSONRPC',
  routingTag: null,
  version: null,
  weight: 100,
  region: null,
  admission: 'active',
  slotsMax: null,
  health: { state: 'unknown', reason: null, sinceMs: 0 },
};

let calls = 0;

/** A call to an agent at `url`, for a task of its own. */
export function callTo(
  url: string,
  over: Partial<Omit<UpstreamCall, 'route'>> & { route?: Partial<Route> } = {},
): UpstreamCall {
  calls += 1;
  const taskId = idOf('tsk', calls.toString(16).padStart(32, '0'));
  const instance = { ...plainInstance, url };
  return {
    instance,
    taskId,
    subject: 'cli_1',
    requestId: 'req_1',
    signal: new AbortController().signal,
    ...over,
    route: {
      tenantId: 'tnt_1',
      tenantSlug: 'acme',
      agentId: 'agt_1',
      agentName: 'echo',
      cardVersion: 1,
      streaming: true,
      idempotent: false,
      priceMicrocredits: 0n,
      taskMsMax: 60_000,
      tier: 'silver',
      slotsMax: null,
      department: null,
      costCenter: null,
      skills: new Map(),
      inputModes: [],
      cardLimit: null,
      extensions: [],
      credential: null,
      pinnedKeys: [],
      instances: [instance],
      ...over.route,
    },
  };
}

export const hello: UpstreamMessage = {
  message: { messageId: 'm-1', contextId: 'c-1', role: 'ROLE_USER', parts: [{ text: 'hällo' }] },
};
