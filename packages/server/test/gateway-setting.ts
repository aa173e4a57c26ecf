import { randomUUID } from 'node:crypto';
import type { SendMessageRequest, StreamResponse, Task } from '@colloquy/protocol';
import { createSchemaJudge } from '../src/adapters/json-schemas/index.ts';
import { createAgentContextId } from '../src/adapters/keys/agent-context-id.ts';
import { createPageTokenSigner } from '../src/adapters/keys/page-token-signer.ts';
import { createSystemRandom, systemClock } from '../src/adapters/clock/system-clock.ts';
import { createRevocationStore } from '../src/adapters/postgres/access/revocation-store.ts';
import { CallerStatusWatch } from '../src/modules/access/index.ts';
import { createEngine } from '../src/assembly/data-plane/engine.ts';
import { createInstanceHealth } from '../src/assembly/duties/instance-health.ts';
import { laptopGuard } from './upstream-setting.ts';
import type { Engine } from '../src/assembly/data-plane/engine.ts';
import { createResults } from '../src/assembly/data-plane/results.ts';
import { SealDuty } from '../src/assembly/duties/seal-duty.ts';
import { KeyVault } from '../src/adapters/keys/index.ts';
import { checkpointDirOf } from '@colloquy/testkit';
import type { Log } from '../src/surfaces/http/index.ts';
import { configOf } from '../src/config/config.ts';
import type { Config } from '../src/config/config.ts';
import { ByteBudget } from '../src/kernel/byte-budget.ts';
import { limits } from '../src/kernel/limits.ts';
import type { Caller } from '../src/kernel/caller.ts';
import type { Clock } from '../src/kernel/clock.ts';
import type { AgentAddress, StreamedEvent, TaskStream } from '../src/modules/gateway/index.ts';
import { readForwardToken } from './delegation-setting.ts';
import { createSettingWebhooks } from './delivery-setting.ts';
import { ScriptedAgent } from './scripted-agent.ts';
import { startLimits } from './limit-setting.ts';
import { startTaskSetting } from './task-setting.ts';
import type { ProcessPools, SeededTenant, TaskSetting, TenantOverrides } from './task-setting.ts';
import { ownRights } from './own-rights.ts';

/** One process of ours: everything that works on tasks, wired as production wires it, before a scripted agent. */
export interface GatewayProcess extends AsyncDisposable {
  readonly engine: Engine;
  readonly gateway: Engine['gateway'];
  readonly agent: ScriptedAgent;
  readonly pools: ProcessPools;
  /** What was logged, as `message {fields}`. */
  readonly log: readonly string[];
}

export interface GatewayProcessOptions {
  readonly clock?: Clock;
  /** Address of the database; default: straight to it. */
  readonly url?: string;
  /** Address of the database for listening to notifications; default: that of `url`. */
  readonly notificationsUrl?: string;
  /** Default: so long that a busy machine makes no live process count as dead. */
  readonly lease?: Partial<Config['lease']>;
  /** Tasks from queues that the process works on at once. */
  readonly queuedRunsMax?: number;
}

/** A client with every right on the agent of a new tenant. */
export interface SeededCaller {
  readonly tenant: SeededTenant;
  readonly caller: Caller;
  readonly address: AgentAddress;
}

export interface GatewaySetting extends AsyncDisposable {
  readonly tasks: TaskSetting;
  startProcess(options?: GatewayProcessOptions): Promise<GatewayProcess>;
  seedCaller(overrides?: TenantOverrides): Promise<SeededCaller>;
}

export async function startGatewaySetting(): Promise<GatewaySetting> {
  const tasks = await startTaskSetting();
  const open = new Set<GatewayProcess>();
  return {
    tasks,
    async startProcess(options) {
      const started = await startProcess(tasks, options);
      open.add(started);
      return started;
    },
    async seedCaller(overrides) {
      const tenant = await tasks.seedTenant(overrides);
      return { tenant, caller: callerOf(tasks, tenant), address: { tenantSlug: tenant.slug, agentName: 'echo' } };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...open].map((one) => one[Symbol.asyncDispose]()));
      await tasks[Symbol.asyncDispose]();
    },
  };
}

async function startProcess(tasks: TaskSetting, options: GatewayProcessOptions = {}): Promise<GatewayProcess> {
  const { clock = systemClock, url = tasks.database.adminUrl, lease } = options;
  const { queuedRunsMax } = options;
  const pools = tasks.openProcess(url);
  const agent = new ScriptedAgent();
  const log: string[] = [];
  const config = configOf({}, [], false);
  const foundation = {
    config: {
      ...config,
      probeIntervalMs: 0,
      lease: { ...config.lease, fenceAfterMs: 20_000, deadAfterMs: 30_000, ...lease },
      ...(queuedRunsMax === undefined ? {} : { queuedRunsMax }),
      audit: { ...config.audit, checkpointDir: checkpointDirOf(tasks.database.adminUrl) },
    },
    database: {
      ...pools,
      runtimeUrl: options.notificationsUrl ?? url,
      embeddedPort: null,
      stop: () => Promise.resolve(),
    },
    clock,
    budget: new ByteBudget({ clock, bytesMax: limits.heldBytesMax }),
    ids: tasks.ids,
    random: createSystemRandom(),
    log: linesInto(log),
  };
  const guards = { forTenant: () => Promise.resolve(laptopGuard) };
  const engine = createEngine(foundation, {
    statuses: new CallerStatusWatch({ revocations: createRevocationStore(pools.readers), clock }),
    duties: {
      seals: new SealDuty(foundation, new KeyVault(Buffer.alloc(32, 7))),
      instances: createInstanceHealth(foundation, guards),
    },
    upstream: agent,
    agentContextId: createAgentContextId(Buffer.alloc(32, 7)),
    pageTokens: createPageTokenSigner(Buffer.alloc(32, 7)),
    readForwardToken: readForwardToken,
    webhooks: createSettingWebhooks(),
    chooser: null,
    schemas: createSchemaJudge(clock),
    limiter: (await startLimits(pools.readers, clock)).limiter,
    results: await createResults(foundation, { redisUrl: null }),
  });
  await engine.start();
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    engine.runs.abandonAll();
    await engine.stop(0);
    await pools[Symbol.asyncDispose]();
  };
  return {
    engine,
    gateway: engine.gateway,
    agent,
    pools,
    log,
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

function linesInto(lines: string[]): Log {
  const note = (fields: object, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: note, info: note, warn: note, error: note, isLevelEnabled: () => false };
}

function callerOf({ ids }: TaskSetting, tenant: SeededTenant): Caller {
  return {
    principal: { kind: 'oauth-client', id: tenant.ownerId },
    ...ownRights,
    tenant: { id: tenant.tenantId, slug: tenant.slug },
    scopes: new Set(['a2a:send', 'a2a:read', 'a2a:cancel']),
    requestId: ids.next('req'),
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
  };
}

/** A message of the user; each has an id of its own. */
export function sendRequest(text: string, more: Partial<SendMessageRequest['message']> = {}): SendMessageRequest {
  return { message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }], ...more } };
}

/** As `sendRequest`, answered as soon as the task exists. */
export function sendNow(text: string, more: Partial<SendMessageRequest['message']> = {}): SendMessageRequest {
  return { ...sendRequest(text, more), configuration: { returnImmediately: true } };
}

/** Every event of a stream, to its end. */
export async function readAll(stream: TaskStream): Promise<StreamedEvent[]> {
  const events: StreamedEvent[] = [];
  for await (const batch of stream) events.push(...batch);
  return events;
}

/** What an event says, in few words: `task submitted`, `status working`, `artifact abc`. */
export function gist({ json }: StreamedEvent): string {
  const response = JSON.parse(json) as StreamResponse;
  const stateOf = (state: string): string => state.replace('TASK_STATE_', '').toLowerCase();
  if (response.task !== undefined) return `task ${stateOf(response.task.status.state)}`;
  if (response.statusUpdate !== undefined) return `status ${stateOf(response.statusUpdate.status.state)}`;
  if (response.artifactUpdate !== undefined) return `artifact ${textOf(response.artifactUpdate.artifact.parts)}`;
  return `message ${textOf(response.message.parts)}`;
}

export function textOf(parts: readonly { readonly text?: string }[]): string {
  return parts.map(({ text }) => text ?? '').join('');
}

/** The text of a task's first artifact. */
export function artifactText(task: Task): string {
  return textOf(task.artifacts?.[0]?.parts ?? []);
}
