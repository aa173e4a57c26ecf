import { findLeaks, forbid, neverShown } from '@colloquy/testkit';
import type { Forbidden } from '@colloquy/testkit';
import type { Figures, SuiteOptions } from './figures.ts';
import { addressOf, restRequest, rpcRequest } from './fuzz/a2a-requests.ts';
import { AdminGrammar } from './fuzz/admin-requests.ts';
import { changeRequest } from './fuzz/change-request.ts';
import { Exchange } from './fuzz/exchange.ts';
import type { Answer } from './fuzz/exchange.ts';
import { grpcRequest } from './fuzz/grpc-requests.ts';
import { oauthRequest } from './fuzz/oauth-requests.ts';
import { pick } from './fuzz/json-text.ts';
import type { FuzzRequest, Party } from './fuzz/party.ts';
import { startTarget } from './fuzz/target.ts';
import type { Target } from './fuzz/target.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import { seeded } from './seeded.ts';
import type { Draw } from './seeded.ts';

const requestsFull = 100_000;
const requestsQuick = 3_000;
/** Beside other tests the machine itself is overloaded now and then, and 503 says so honestly. */
const overloadsShareQuick = 0.01;
const overloadsShownMax = 20;
const goodAttemptsMax = 5;
const refusalRoundsMax = 5;
const perBatch = 500;
/** Requests of each batch that come from callers without rights at the attacked addresses. */
const unauthorizedPerBatch = 200;

/** The caller: the tenant itself, another tenant, or an unauthenticated client. */
type Asker = 'own' | 'foreign' | 'unauthenticated';

/**
 * Sends requests of every surface that are a little wrong, drawn from what is right. None may be answered as a failure of the
 * platform, show what this caller may not see, or change anything unless it was accepted: such callers are accepted nowhere, and
 * what the tenant itself was refused is sent once more while nothing else happens.
 */
export async function fuzz({ quick, seed, requests }: SuiteOptions & { readonly requests?: number }): Promise<Figures> {
  await using target = await startTarget();
  using exchange = new Exchange(target.port, target.grpcAddress);
  const run = new FuzzRun(target, exchange, seeded(seed));
  const wanted = requests ?? (quick ? requestsQuick : requestsFull);
  for (let sent = 0; sent < wanted; sent += perBatch) await run.batch();
  return run.figures(quick ? overloadsShareQuick : 0);
}

class FuzzRun {
  readonly #target: Target;
  readonly #exchange: Exchange;
  readonly #draw: Draw;
  readonly #admin: AdminGrammar;
  readonly #violations: string[] = [];
  readonly #firstOverloads: string[] = [];
  readonly #counts = {
    requests: 0,
    accepted: 0,
    refused: 0,
    unanswered: 0,
    refusedAgain: 0,
    serverErrors: 0,
    overloads: 0,
    leaks: 0,
  };
  readonly #bySurface = new Map<string, number>();
  #stateChanges = 0;
  #logLinesSeen = 0;

  constructor(target: Target, exchange: Exchange, draw: Draw) {
    this.#target = target;
    this.#exchange = exchange;
    this.#draw = draw;
    this.#admin = new AdminGrammar(target.openApi);
  }

  /** Callers without rights first, then the tenant itself, then what it was refused once more. */
  async batch(): Promise<void> {
    const before = await this.#target.state();
    await this.#sendAll(this.#requests(unauthorizedPerBatch, ['foreign', 'unauthenticated']));
    await this.#expectNoChange(before, 'requests of callers without rights');
    const own = await this.#sendAll(this.#requests(perBatch - unauthorizedPerBatch, ['own']));
    await this.#refuseAgain(refusedOf(own));
    await this.#expectToWork();
    this.#readLog();
  }

  /** What waited for another request may be accepted by now, and then something has changed: the rest is sent once more. */
  async #refuseAgain(asked: readonly Asked[]): Promise<void> {
    let refused = asked;
    for (let round = 0; round < refusalRoundsMax; round += 1) {
      const settled = await this.#target.state();
      const again = await this.#sendAll(refused);
      const stillRefused = refusedOf(again);
      if (stillRefused.length === refused.length) {
        this.#counts.refusedAgain += refused.length;
        await this.#expectNoChange(settled, 'requests that were refused');
        return;
      }
      refused = stillRefused;
    }
    this.#violations.push('requests that were refused are accepted when they are sent again and again');
  }

  figures(overloadsShare: number): Figures {
    const { overloads, requests } = this.#counts;
    if (overloads > requests * overloadsShare)
      this.#violations.push(`${overloads} requests got 503`, ...this.#firstOverloads);
    const surfaces = Object.fromEntries(this.#bySurface);
    const counts = { ...this.#counts, stateChanges: this.#stateChanges, adminEndpoints: this.#admin.size, ...surfaces };
    return { counts, violations: this.#violations, skipped: [] };
  }

  #requests(count: number, askers: readonly Asker[]): Asked[] {
    return Array.from({ length: count }, () => this.#request(pick(this.#draw, askers)));
  }

  #request(asker: Asker): Asked {
    const { own, foreign } = this.#target;
    const draw = this.#draw;
    const shown = { own, foreign, unauthenticated: null }[asker];
    const grammar: readonly (() => FuzzRequest)[] = [
      () => rpcRequest(own, draw),
      () => rpcRequest(own, draw),
      () => restRequest(own, draw),
      () => grpcRequest(own, draw),
      () => this.#admin.request(own, draw, asker === 'own'),
      () => this.#admin.request(own, draw, asker === 'own'),
      () => oauthRequest(shown, draw),
    ];
    const made = pick(draw, grammar)();
    const request = made.surface === 'gRPC' ? made : changeRequest(made, draw);
    return { asker, request: made.surface === 'OAuth' ? request : withCredential(request, shown, draw) };
  }

  async #sendAll(asked: readonly Asked[]): Promise<Answered[]> {
    const answered: Answered[] = [];
    await forEachAtOnce(asked, async (one) => {
      const answer = await this.#exchange.send(one.request);
      this.#note(one, answer);
      answered.push({ asked: one, answer });
    });
    return answered;
  }

  #note(asked: Asked, answer: Answer): void {
    const { asker, request } = asked;
    this.#counts.requests += 1;
    this.#bySurface.set(request.surface, (this.#bySurface.get(request.surface) ?? 0) + 1);
    if (answer.isAccepted) this.#counts.accepted += 1;
    else this.#counts.refused += 1;
    if (answer.status === null && !answer.isLate) this.#counts.unanswered += 1;
    if (answer.isLate) this.#found(asked, 'no answer in time');
    if (isOverload(answer)) {
      this.#counts.overloads += 1;
      if (this.#firstOverloads.length < overloadsShownMax) this.#firstOverloads.push(describeAnswer(asked, answer));
    } else if ((answer.status ?? 0) >= 500 || answer.text.includes('"code":-32603')) {
      this.#counts.serverErrors += 1;
      this.#violations.push(describeAnswer(asked, answer));
    }
    if (asker !== 'own' && answer.isAccepted && !isPublic(request))
      this.#found(asked, `accepted: ${answer.text.slice(-200)}`);
    const leaks = findLeaks([{ where: request.surface, text: shownOnce(answer.text) }], this.#forbiddenFor(asker));
    this.#counts.leaks += leaks.length;
    for (const leak of leaks) this.#found(asked, leak);
  }

  #forbiddenFor(asker: Asker): Forbidden {
    const { own, foreign } = this.#target;
    const secrets = forbid('a secret', [own.clientSecret, foreign.clientSecret]);
    return {
      ...neverShown,
      ...secrets,
      ...forbid('words of a tenant', [asker === 'own' ? foreign.marker : own.marker]),
    };
  }

  #found(asked: Asked, what: string): void {
    this.#violations.push(describe(asked, what));
  }

  async #expectNoChange(before: Readonly<Record<string, string>>, by: string): Promise<void> {
    const after = await this.#target.state();
    const changed = Object.keys(before).filter((table) => before[table] !== after[table]);
    if (changed.length === 0) return;
    this.#stateChanges += 1;
    this.#violations.push(`${by} have changed ${changed.join(', ')}`);
  }

  async #expectToWork(): Promise<void> {
    const { own } = this.#target;
    const message = { messageId: `good-${this.#counts.requests}`, role: 'ROLE_USER', parts: [{ text: 'good' }] };
    const request = {
      surface: 'good requests',
      method: 'POST',
      path: `${addressOf(own)}/message:send`,
      headers: { authorization: `Bearer ${own.token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
      body: Buffer.from(JSON.stringify({ message })),
    };
    let answer = await this.#exchange.send(request);
    for (let attempts = 1; isOverload(answer) && attempts < goodAttemptsMax; attempts += 1)
      answer = await this.#exchange.send(request);
    if (!answer.text.includes('TASK_STATE_COMPLETED'))
      throw new Error(`A good request got ${String(answer.status)} ${answer.text.slice(-300)}`);
  }

  #readLog(): void {
    const lines = this.#target.platform.logLines.slice(this.#logLinesSeen);
    this.#logLinesSeen += lines.length;
    const { own, foreign } = this.#target;
    const secrets = forbid('a secret', [own.clientSecret, foreign.clientSecret, own.marker, foreign.marker]);
    const leaks = findLeaks(
      lines.map((text) => ({ where: 'the log', text })),
      { ...neverShown, ...secrets },
    );
    this.#counts.leaks += leaks.length;
    this.#violations.push(...leaks);
  }
}

interface Asked {
  readonly asker: Asker;
  readonly request: FuzzRequest;
}

interface Answered {
  readonly asked: Asked;
  readonly answer: Answer;
}

function describe({ asker, request }: Asked, what: string): string {
  const { surface, method, path, body } = request;
  const words = body === null ? '' : ` ${body.subarray(0, 300).toString('latin1')}`;
  return `${surface}, by ${asker}: ${method} ${path.slice(0, 200)}${words} → ${what}`;
}

const describeAnswer = (asked: Asked, { status, text }: Answer): string =>
  describe(asked, `${String(status)} ${text.slice(-400)}`);

const refusedOf = (answered: readonly Answered[]): readonly Asked[] =>
  answered.filter(({ answer }) => !answer.isAccepted).map(({ asked }) => asked);

const nobodysFields: readonly Readonly<Record<string, string>>[] = [
  {},
  { authorization: 'Bearer x' },
  { authorization: 'Basic x' },
  { authorization: 'x' },
  { authorization: `Bearer ${'x'.repeat(9_000)}` },
];

function withCredential(request: FuzzRequest, shown: Party | null, draw: Draw): FuzzRequest {
  const fields = shown === null ? pick(draw, nobodysFields) : { authorization: `Bearer ${shown.token}` };
  return { ...request, headers: { ...request.headers, ...fields } };
}

/** The platform says that it can not, and did not. */
function isOverload({ status, text }: Answer): boolean {
  return status === 503 || text.includes('"reason":"platform.unavailable"');
}

/** What everybody may read, and the authorization server, which knows other tenants' clients as well. */
function isPublic({ method, path, surface }: FuzzRequest): boolean {
  return surface === 'OAuth' || method === 'OPTIONS' || path.startsWith('/api/v1/openapi.json') || path === '/health';
}

/** What was asked for is no leak: a token, and the one showing of a secret. */
function shownOnce(text: string): string {
  return text.replaceAll(/"(access_token|clientSecret|apiKey|secret|link|url|password)":"[^"]*"/g, '"$1":""');
}
