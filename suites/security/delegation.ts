import type { Figures, SuiteOptions } from './figures.ts';
import { pick } from './fuzz/json-text.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import { seeded } from './seeded.ts';
import type { Draw } from './seeded.ts';
import { forgeries } from './delegation/forgeries.ts';
import { bindings, gistOf, verdictOf } from './delegation/sends.ts';
import type { DelegatedSend, Verdict } from './delegation/sends.ts';
import { agentNames, priceMicrocredits, startStage } from './delegation/stage.ts';
import type { DelegationFields, Stage } from './delegation/stage.ts';

const attemptsFull = 10_000;
const attemptsQuick = 400;
const violationsMax = 50;
/** Hops of an honest chain below its root, as many as there may be. */
const hops = 4;
/** What is left of a chain's budget for those who send at once. */
const roomFor = 3;
const sendersAtOnce = 12;

/** A send that has to be refused, and how. */
interface Attempt {
  readonly what: string;
  readonly send: DelegatedSend;
  readonly verdict: Verdict;
}

/** What the agents of a chain were given, the root's first, and what its receiver of notifications was told. */
interface Chain {
  readonly given: readonly DelegationFields[];
  readonly told: DelegationFields;
}

/**
 * Builds chains of tasks through agents, with a budget and a receiver of notifications, and then sends for each of their tasks, as each
 * agent on the way and as the receiver might: back into the chain, too deep, for more than the budget has, and with forged and replayed
 * tokens, in every binding and at two replicas. Nothing but what the budget pays for may be taken, charged or heard.
 */
export async function delegation({ quick, seed }: SuiteOptions): Promise<Figures> {
  await using stage = await startStage();
  const run = new DelegationRun(stage, seeded(seed));
  const wanted = quick ? attemptsQuick : attemptsFull;
  while (run.attempts < wanted) await run.round();
  return run.figures();
}

class DelegationRun {
  readonly #stage: Stage;
  readonly #draw: Draw;
  readonly #violations: string[] = [];
  readonly #counts = { chains: 0, attempts: 0, byReceivers: 0, accepted: 0, stateChanges: 0, paid: 0, overspent: 0 };
  readonly #byVerdict: Record<Verdict, number> = { invalid: 0, loop: 0, 'too-deep': 0, 'budget-used': 0 };
  /** Answers to forged and replayed tokens, by binding. */
  readonly #gists = new Map<string, Set<string>>();
  #words = 0;

  constructor(stage: Stage, draw: Draw) {
    this.#stage = stage;
    this.#draw = draw;
  }

  get attempts(): number {
    return this.#counts.attempts;
  }

  async round(): Promise<void> {
    const { own, foreign } = this.#stage;
    const outlived = await this.#root(own);
    const chain = await this.#chain();
    const another = await this.#root(own);
    const strange = await this.#root(foreign);
    await this.#outlive(outlived);
    await this.#refuse([...this.#loops(chain), ...this.#forged(chain, { another, foreign: strange, outlived })]);
    await this.#spend(chain);
    await this.#refuse(this.#beyondBudget(chain));
  }

  figures(): Figures {
    for (const [binding, gists] of this.#gists)
      if (gists.size > 1) this.#found(`${binding} answers forged tokens in ${String(gists.size)} ways`);
    const counts = { ...this.#counts, ...this.#byVerdict, forgeries: Object.keys(forgeries).length };
    return { counts: { ...counts, bindings: Object.keys(bindings).length }, violations: this.#violations, skipped: [] };
  }

  #found(violation: string): void {
    if (this.#violations.length < violationsMax) this.#violations.push(violation);
  }

  #send(to: string, fields: DelegationFields, sender = this.#stage.own): DelegatedSend {
    return { sender, to, words: `say ${String((this.#words += 1))}`, fields };
  }

  /** Sends what has to be taken, and gives what its agent was given. */
  async #take(send: DelegatedSend): Promise<DelegationFields> {
    const request = bindings['JSON-RPC']?.(send);
    const answer = request === undefined ? undefined : await pick(this.#draw, this.#stage.replicas).send(request);
    if (answer?.isAccepted !== true) throw new Error(`An honest send got ${answer?.text.slice(-300) ?? 'nothing'}`);
    return this.#stage.given(send.words);
  }

  #root(sender: DelegatedSend['sender']): Promise<DelegationFields> {
    return this.#take(this.#send('one', {}, sender));
  }

  async #chain(): Promise<Chain> {
    const name = `chain-${String((this.#counts.chains += 1))}`;
    const budget = { 'colloquy-budget': String((hops + 1 + roomFor) * priceMicrocredits) };
    const root = { ...this.#send('one', budget), pushUrl: this.#stage.hookUrl + name };
    const given = [await this.#take(root)];
    for (const to of agentNames.slice(1, hops + 1)) given.push(await this.#take(this.#send(to, given.at(-1) ?? {})));
    return { given, told: await this.#stage.told(name) };
  }

  /** Its grace is over. */
  async #outlive(fields: DelegationFields): Promise<void> {
    const id = (fields['colloquy-task'] ?? '').replace('tsk_', '');
    await this.#stage.state();
    const sql = `update colloquy.tasks set status_at = status_at - interval '61 seconds' where task_id = $1::uuid`;
    await this.#stage.rows(sql, id);
  }

  /** From every task of the chain to every agent above it, over every binding; and from the last one to one hop more. */
  #loops({ given, told }: Chain): Attempt[] {
    const at = (fields: DelegationFields, to: string, verdict: Verdict, by: string): Attempt => ({
      what: `${verdict} ${by} to ${to}`,
      send: this.#send(to, fields),
      verdict,
    });
    const perBinding = Object.keys(bindings);
    const upwards = given.flatMap((fields, depth) =>
      agentNames
        .slice(0, depth + 1)
        .flatMap((to) => perBinding.map(() => at(fields, to, 'loop', `from hop ${String(depth)}`))),
    );
    const byReceiver = perBinding.map(() => at(told, 'one', 'loop', 'by a receiver'));
    const deeper = perBinding.map(() => at(given.at(-1) ?? {}, 'six', 'too-deep', 'from the last hop'));
    return [...upwards, ...byReceiver, ...deeper];
  }

  #forged(
    { given, told }: Chain,
    loot: Readonly<Record<'another' | 'foreign' | 'outlived', DelegationFields>>,
  ): Attempt[] {
    const { own, foreign } = this.#stage;
    const holders = [...given, told];
    const forged = Object.entries(forgeries).flatMap(([what, forge]) =>
      holders.map((holder, at): Attempt => {
        const by = at === given.length ? 'by a receiver' : `from hop ${String(at)}`;
        const fields = forge({ ...loot, given: holder, accessToken: own.token, draw: this.#draw });
        return { what: `${what}, ${by}`, send: this.#send('six', fields), verdict: 'invalid' };
      }),
    );
    const stolen = holders.map((fields, at): Attempt => {
      const by = at === given.length ? 'by a receiver' : `from hop ${String(at)}`;
      return {
        what: `a token shown by another tenant, ${by}`,
        send: this.#send('six', fields, foreign),
        verdict: 'invalid',
      };
    });
    return [...forged, ...stolen];
  }

  /** More send at once than the budget pays for; exactly those it pays for are taken. */
  async #spend({ given, told }: Chain): Promise<void> {
    const spenders = [...given.slice(0, -1), told];
    let taken = 0;
    let refused = 0;
    await forEachAtOnce(Array.from({ length: sendersAtOnce }), async () => {
      const answer = await this.#ask(
        this.#send('six', pick(this.#draw, spenders)),
        pick(this.#draw, Object.keys(bindings)),
      );
      if (answer.isAccepted) taken += 1;
      else if (verdictOf(answer) === 'budget-used') refused += 1;
      else this.#found(`a send for a chain got ${answer.text.slice(-200)}`);
    });
    this.#counts.paid += taken;
    this.#counts.attempts += refused;
    this.#byVerdict['budget-used'] += refused;
    const overspent = taken - roomFor;
    if (overspent === 0) return;
    this.#counts.overspent += Math.max(0, overspent);
    this.#found(`${String(taken)} were taken of ${String(sendersAtOnce)}, and the budget pays for ${String(roomFor)}`);
  }

  /** Also with a budget of its own, which would have to come out of nothing. */
  #beyondBudget({ given, told }: Chain): Attempt[] {
    return [...given.slice(0, -1), told].flatMap((fields) =>
      Object.keys(bindings).map((_, at): Attempt => {
        const asked = at % 2 === 0 ? fields : { ...fields, 'colloquy-budget': String(10 ** (1 + this.#draw(8))) };
        const what = fields === told ? 'more than the budget has, by a receiver' : 'more than the budget has';
        return { what, send: this.#send('six', asked), verdict: 'budget-used' };
      }),
    );
  }

  #ask(send: DelegatedSend, binding: string) {
    const request = bindings[binding]?.(send);
    if (request === undefined) throw new Error(`There is no binding "${binding}".`);
    return pick(this.#draw, this.#stage.replicas).send(request);
  }

  /** Each is refused as it has to be, and all of them leave nothing behind. */
  async #refuse(attempts: readonly Attempt[]): Promise<void> {
    const before = [await this.#stage.state(), this.#stage.heard()];
    const names = Object.keys(bindings);
    await forEachAtOnce([...attempts.entries()], async ([at, { what, send, verdict }]) => {
      const binding = names[at % names.length] ?? '';
      const answer = await this.#ask(send, binding);
      this.#counts.attempts += 1;
      if (what.endsWith('by a receiver')) this.#counts.byReceivers += 1;
      if (answer.isAccepted) this.#counts.accepted += 1;
      if (verdictOf(answer) !== verdict) this.#found(`${what}, ${binding}: ${answer.text.slice(-300)}`);
      else this.#byVerdict[verdict] += 1;
      if (verdict === 'invalid') this.#gistsOf(binding).add(gistOf(answer));
    });
    const after = [await this.#stage.state(), this.#stage.heard()];
    if (before.join() === after.join()) return;
    this.#counts.stateChanges += 1;
    this.#found('refused sends have left something behind');
  }

  #gistsOf(binding: string): Set<string> {
    const gists = this.#gists.get(binding) ?? new Set();
    this.#gists.set(binding, gists);
    return gists;
  }
}
