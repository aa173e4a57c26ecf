import { setTimeout as delay } from 'node:timers/promises';
import { ColloquyError } from '../client/colloquy-error.ts';
import type { ColloquyClient } from '../client/create-client.ts';
import type { InstanceReport } from '../client/admin-types.ts';
import { agentLimits } from './agent-limits.ts';

/** Registers a running agent as an instance at a platform, for as long as it runs. */
export interface PresenceOptions {
  /** The version of the agent that runs here. */
  readonly version?: string;
  readonly region?: string;
  /** Tasks that this instance works on at once. */
  readonly slotsMax?: number;
  /** A caller of the platform with the scope `agents:serve`. */
  readonly platform: ColloquyClient;
  /** The agent's name at the platform. */
  readonly agent: string;
  /** How long the platform counts the instance as present without a heartbeat; the agent sends three in that time. Default 30 s. */
  readonly leaseMs?: number;
  /** Called before each heartbeat for the health of the agent and of its dependencies. An error that it throws makes the instance unhealthy. */
  readonly health?: () => InstanceReport | Promise<InstanceReport>;
  /** Called when a heartbeat fails; the agent retries with the next one. Default writes the error to stderr. */
  readonly onProblem?: (error: unknown) => void;
}

/** An agent's presence at a platform. */
export interface Presence {
  /** The instance's id at the platform; undefined while it is not registered. */
  readonly instanceId: string | undefined;
  /** Deregisters the instance, which then gets no new tasks. Never rejects; without an answer its lease expires. */
  leave(): Promise<void>;
}

/**
 * Registers the instance at `url` and renews its lease until `leave`. Resolves after the first attempt, also when it failed: a platform that is
 * unreachable must not keep an agent from starting.
 */
export async function appear(options: PresenceOptions, url: string): Promise<Presence> {
  const living = new LivingPresence(options, url);
  await living.beat();
  living.run();
  return living;
}

class LivingPresence implements Presence {
  readonly #options: PresenceOptions;
  readonly #url: string;
  readonly #leaving = new AbortController();
  readonly #leaseMs: number;
  #running: Promise<void> = Promise.resolve();
  instanceId: string | undefined;

  constructor(options: PresenceOptions, url: string) {
    this.#options = options;
    this.#url = url;
    this.#leaseMs = options.leaseMs ?? agentLimits.leaseMs;
  }

  run(): void {
    this.#running = this.#run();
  }

  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#running;
    const { platform, agent } = this.#options;
    const { instanceId } = this;
    this.instanceId = undefined;
    if (instanceId !== undefined)
      await platform.admin.leaveInstance({ agent, instance: instanceId }).catch(() => undefined);
  }

  /** Registers or renews. Never rejects. */
  async beat(): Promise<void> {
    const { platform, agent, onProblem = reportToStderr } = this.#options;
    try {
      const report = await this.#report();
      if (this.instanceId === undefined) this.instanceId = await this.#register();
      await platform.admin.renewInstance({
        agent,
        instance: this.instanceId,
        body: report,
        signal: this.#leaving.signal,
      });
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      // The lease has expired, as after a long outage: the next heartbeat registers the instance again.
      if (error instanceof ColloquyError && error.code === 'registry.instance-unknown') this.instanceId = undefined;
      onProblem(error);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      const everyMs = this.#leaseMs / agentLimits.heartbeatsPerLease;
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.beat();
    }
  }

  async #register(): Promise<string> {
    const { platform, agent, version, region, slotsMax } = this.#options;
    const place = { url: this.#url, leaseMs: this.#leaseMs, version, region, slotsMax };
    return (await platform.admin.serveInstance({ agent, body: place })).instanceId;
  }

  async #report(): Promise<InstanceReport> {
    try {
      return (await this.#options.health?.()) ?? {};
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'its health could not be determined';
      return { state: 'unhealthy', reason: reason.slice(0, agentLimits.healthReasonCharsMax) || 'unknown' };
    }
  }
}

function reportToStderr(error: unknown): void {
  process.stderr.write(`agent: the platform does not know of this instance: ${String(error)}\n`);
}
