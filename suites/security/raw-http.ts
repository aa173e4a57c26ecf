import type { Figures, SuiteOptions } from './figures.ts';
import { rawCases } from './raw-http/cases.ts';
import type { RawCase } from './raw-http/cases.ts';
import { exchange } from './raw-http/exchange.ts';
import { startProxies } from './raw-http/proxies.ts';
import { startTarget } from './raw-http/target.ts';
import type { SeenRequest, Target } from './raw-http/target.ts';

/** A way to the platform, and what the ids of requests look like that came by it and were sent. */
interface Way {
  readonly name: string;
  readonly port: number;
  /** Null: ids are those that the case itself gives. */
  readonly idShape: RegExp | null;
}

const casesAtOnce = 8;
/** Of the cases of the small tier, every so many-th goes behind the proxies. */
const quickStep = 8;

/**
 * Sends every raw case on a connection of its own, directly and behind each proxy that is there. A desync is a request that the
 * platform has seen and no client has sent; after each case another client asks by the same way, and gets the answer to what was asked.
 */
export async function rawHttp({ quick }: SuiteOptions): Promise<Figures> {
  await using target = await startTarget();
  const { proxies, missing } = await startProxies(target.port);
  await using _stopping = {
    [Symbol.asyncDispose]: async () => void (await Promise.all(proxies.map((one) => one[Symbol.asyncDispose]()))),
  };
  const smuggledOf = (number: number): string => smuggledRequest(target, number);
  const cases = rawCases(target, smuggledOf);
  const some = quick ? cases.filter((_, at) => at % quickStep === 0) : cases;
  const tally = { cases: 0, desyncs: 0, serverErrors: 0, wrongCanaries: 0 };
  const violations: string[] = [];
  const tasksBefore = await target.countTasks();
  let stateChanges = 0;
  for (const way of [{ name: 'direct', port: target.port, idShape: null }, ...proxies]) {
    await attack({ target, way, cases: way.idShape === null ? cases : some, tally, violations });
    // A proxy may take the smuggled request for one and ask it in its own name: that is the proxy's word, which the platform keeps.
    if (way.idShape !== null) continue;
    stateChanges = (await target.countTasks()) - tasksBefore + target.heard.length;
    if (stateChanges > 0)
      violations.push(`${String(stateChanges)} changes came of refused requests: ${target.heard.join(', ')}`);
  }
  return {
    counts: {
      ...tally,
      distinctCases: cases.length,
      ways: 1 + proxies.length,
      stateChanges,
    },
    violations,
    skipped: missing.map((name) => `${name} is not installed: no case was sent behind it`),
  };
}

interface Attack {
  readonly target: Target;
  readonly way: Way;
  readonly cases: readonly RawCase[];
  readonly tally: { cases: number; desyncs: number; serverErrors: number; wrongCanaries: number };
  readonly violations: string[];
}

async function attack({ target, way, cases, tally, violations }: Attack): Promise<void> {
  const queue = [...cases];
  const since = target.seenCount;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await exchange(way.port, next.bytes);
      tally.cases += 1;
      const problem = await canaryProblem(target, way);
      if (problem === null) continue;
      tally.wrongCanaries += 1;
      violations.push(`${way.name}, after ${next.name}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: casesAtOnce }, work));
  for (const seen of target.seenSince(since)) {
    if (isUnsent(seen, way)) {
      tally.desyncs += 1;
      violations.push(
        `${way.name}: the platform saw ${seen.reference ?? 'a request without an id'} (${seen.operation})`,
      );
    }
    if (seen.status >= 500) {
      tally.serverErrors += 1;
      violations.push(`${way.name}: ${String(seen.status)} for ${seen.operation} ${seen.reference ?? ''}`);
    }
  }
}

/**
 * Behind a proxy every request bears the proxy's id. Directly the smuggled one bears its own; it may have come to the door, where what
 * follows an unclear request is refused.
 */
function isUnsent({ reference, code }: SeenRequest, { idShape }: Way): boolean {
  if (idShape !== null) return reference !== null && !idShape.test(reference);
  return reference?.startsWith('smuggled-') === true && code !== 'request.invalid';
}

/** Another client asks for the agent's card by the same way. */
async function canaryProblem({ path, token }: Target, { port }: Way): Promise<string | null> {
  const lines = [
    `GET ${path}/.well-known/agent-card.json HTTP/1.1`,
    'Host: localhost',
    'X-Request-Id: canary',
    `Authorization: Bearer ${token}`,
    'Connection: close',
  ];
  const { text, statuses } = await exchange(port, `${lines.join('\r\n')}\r\n\r\n`);
  const isRight = statuses.length === 1 && statuses[0] === 200 && text.includes('"supportedInterfaces"');
  return isRight ? null : `the next request got ${text.slice(0, 120).replaceAll(/\s+/g, ' ')}`;
}

/** A message that would make a task, with the token of a good caller. */
function smuggledRequest({ path, token }: Target, number: number): string {
  const words = `smuggled-${String(number)}`;
  const message = { messageId: words, role: 'ROLE_USER', parts: [{ text: words }] };
  const body = JSON.stringify({ jsonrpc: '2.0', id: words, method: 'SendMessage', params: { message } });
  const lines = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'A2A-Version: 1.0',
    `X-Request-Id: ${words}`,
    `Content-Length: ${String(body.length)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
