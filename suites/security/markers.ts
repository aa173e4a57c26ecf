import { eventually } from '@colloquy/testkit';
import type { Figures, SuiteOptions } from './figures.ts';
import { Exchange } from './fuzz/exchange.ts';
import { pick } from './fuzz/json-text.ts';
import { markedRequest } from './markers/load.ts';
import { markersIn } from './markers/marker.ts';
import { startStage } from './markers/stage.ts';
import type { MarkedTenant, Stage } from './markers/stage.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import { seeded } from './seeded.ts';
import type { Draw } from './seeded.ts';

const tenantCount = 20;
const outputsFull = 100_000;
const outputsQuick = 3_000;
const perBatch = 250;
const taskIdsKept = 20;

/**
 * Lets many tenants send, stream, list, cancel, read, subscribe and err at once, with ids that are the same for all of them, over one
 * agent and one receiver of notifications that they share; each bears a marker in all its words. What a tenant gets may bear no marker
 * but its own; what those who run the platform get, none.
 */
export async function markers({ quick, seed }: SuiteOptions): Promise<Figures> {
  await using stage = await startStage(tenantCount);
  const { platform } = stage;
  using exchange = new Exchange(Number(new URL(platform.url).port), platform.platform.grpcAddress ?? '');
  const watch = new MarkerWatch(stage);
  const draw = seeded(seed);
  while (watch.outputs < (quick ? outputsQuick : outputsFull)) {
    await sendBatch(stage, { exchange, watch, draw });
    watch.readOperations();
  }
  await eventually('every subscription was told of its task', () => watch.subscribed <= stage.received.length, 60_000);
  watch.readOperations();
  await watch.readMetrics();
  return watch.figures();
}

interface Load {
  readonly exchange: Exchange;
  readonly watch: MarkerWatch;
  readonly draw: Draw;
}

async function sendBatch({ tenants }: Stage, { exchange, watch, draw }: Load): Promise<void> {
  const planned = Array.from({ length: perBatch }, () => {
    const self = pick(draw, tenants);
    return { self, request: markedRequest(self, pick(draw, tenants), draw) };
  });
  await forEachAtOnce(planned, async ({ self, request }) => {
    const { status, text, isAccepted } = await exchange.send(request);
    watch.answered(self, { what: `${request.method} ${request.path}`, status, text });
    const isSubscribed = isAccepted && request.body?.includes('taskPushNotificationConfig') === true;
    if (isSubscribed && request.path.includes(`/${self.slug}/`)) watch.subscribed += 1;
    const [taskId] = /tsk_[0-9a-f]{32}/.exec(text) ?? [];
    if (isAccepted && taskId !== undefined && request.body !== null) remember(self, taskId);
  });
}

function remember({ taskIds }: MarkedTenant, taskId: string): void {
  taskIds.push(taskId);
  if (taskIds.length > taskIdsKept) taskIds.shift();
}

interface Answered {
  readonly what: string;
  readonly status: number | null;
  readonly text: string;
}

/** Checks everything that leaves the platform. */
class MarkerWatch {
  readonly #stage: Stage;
  readonly #violations: string[] = [];
  readonly #counts = {
    responses: 0,
    frames: 0,
    webhooks: 0,
    logLines: 0,
    metricLines: 0,
    ownMarkers: 0,
    foreignMarkers: 0,
  };
  /** Sends that were accepted with a subscription; each is told of at least once. */
  subscribed = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get outputs(): number {
    const { responses, frames, webhooks, logLines, metricLines } = this.#counts;
    return responses + frames + webhooks + logLines + metricLines;
  }

  answered(tenant: MarkedTenant, { what, status, text }: Answered): void {
    this.#counts.responses += 1;
    if (text.includes('text/event-stream')) this.#counts.frames += text.split('\ndata:').length - 1;
    this.#judge(`${what} → ${String(status)}`, text, tenant.marker);
  }

  /** The log and what receivers got since the last time. */
  readOperations(): void {
    const { platform, received, tenants } = this.#stage;
    const lines = platform.logLines.slice(this.#counts.logLines);
    this.#counts.logLines += lines.length;
    for (const line of lines) this.#judge('the log', line, null);
    const webhooks = received.slice(this.#counts.webhooks);
    this.#counts.webhooks += webhooks.length;
    for (const { tenant, text } of webhooks)
      this.#judge(`a webhook of ${tenant}`, text, tenants[tenant]?.marker ?? 'of no tenant');
  }

  async readMetrics(): Promise<void> {
    const metrics = (await (await fetch(`${this.#stage.platform.opsUrl}/metrics`)).text()).split('\n');
    this.#counts.metricLines += metrics.length;
    for (const line of metrics) this.#judge('the metrics', line, null);
  }

  figures(): Figures {
    const counts = { tenants: this.#stage.tenants.length, outputs: this.outputs, ...this.#counts };
    return { counts, violations: this.#violations, skipped: [] };
  }

  #judge(where: string, text: string, own: string | null): void {
    for (const marker of markersIn(text)) {
      if (marker === own) {
        this.#counts.ownMarkers += 1;
        continue;
      }
      this.#counts.foreignMarkers += 1;
      this.#violations.push(`${marker} in ${where}, of ${own ?? 'no tenant'}: ${text.slice(0, 300)}`);
    }
  }
}
