import { text } from '@colloquy/sdk/agent';
import { ColloquyError } from '@colloquy/sdk/client';
import type { CreditBalance } from '@colloquy/sdk/client';
import type { Expectations } from './expectations.ts';
import { credits, dim, fact, green, heading, say } from './screen.ts';
import type { DemoTenant } from './seed.ts';
import { sendAndShow } from './show-task.ts';
import type { SentTask } from './show-task.ts';

/** What the walk measured. */
export interface WalkFigures {
  /** From the start of the demo to the end of the first task. */
  readonly firstTaskMs: number;
}

/** Sends a task to every agent, shows what became of each, and checks all of it. */
export async function walk(
  [acme, globex]: readonly [DemoTenant, DemoTenant],
  expect: Expectations,
): Promise<WalkFigures> {
  const before = await acme.client.admin.readBalance();
  heading('A task goes out, comes back as a stream, is written down and paid for');
  const echoed = await echo(acme, expect);
  const firstTaskMs = performance.now();
  heading('A stream is shown while it is made; each event is kept before anyone sees it');
  await slowly(acme, expect);
  heading('What fails costs nothing; trying again is another task');
  await flaky(acme, expect);
  heading('A price in parts: a quote before, the reservation meanwhile, what it took afterwards');
  await scored(acme, expect);
  heading('No agent is named: the router finds one, and the decision says why');
  await routed(acme, expect);
  heading('Another tenant has its own tasks, credits and audit – and sees nothing of this one');
  await echo(globex, expect);
  await apart(acme, globex, echoed, expect);
  heading('The sums');
  showSums(before, await acme.client.admin.readBalance(), expect);
  return { firstTaskMs: Math.round(firstTaskMs) };
}

async function echo(tenant: DemoTenant, expect: Expectations): Promise<SentTask> {
  const words = `Hello from ${tenant.slug}`;
  const sent = await sendAndShow(tenant, 'echo', words);
  expect.equal('echo gives back what it was told', artifactText(sent), words);
  expectPaid(sent, 500_000, expect);
  return sent;
}

async function routed(tenant: DemoTenant, expect: Expectations): Promise<void> {
  const words = 'Give this text back, please';
  const sent = await sendAndShow(tenant, null, words);
  expect.equal('the router finds the agent whose skill the words match', sent.inspected.agent, 'echo');
  expect.equal('that agent has done the work', artifactText(sent), words);
  expectPaid(sent, 500_000, expect);
}

async function slowly(tenant: DemoTenant, expect: Expectations): Promise<void> {
  const sent = await sendAndShow(tenant, 'slow-streamer', 'Six words, please: 6');
  const pieces = sent.events.filter(({ artifactUpdate }) => artifactUpdate !== undefined).length;
  expect.holds('the words came one after the other', pieces >= 3);
  expect.equal('no word is missing and none came twice', artifactText(sent), 'every word is written down before');
  expectPaid(sent, 2_000_000, expect);
}

async function flaky(tenant: DemoTenant, expect: Expectations): Promise<void> {
  const words = 'please do not fail';
  const failed = await sendAndShow(tenant, 'flaky', words);
  expect.equal('flaky fails the first time', failed.task.status.state, 'TASK_STATE_FAILED');
  expect.equal('a failed task is released, not charged', kindsOf(failed), ['reserve', 'release']);
  expect.equal(
    'a failed task is in the audit',
    failed.audit.map(({ action }) => action),
    ['task.failed'],
  );
  expectWellFormed(failed, expect);
  const done = await sendAndShow(tenant, 'flaky', words);
  expectPaid(done, 1_000_000, expect);
}

/** 200 candidate leads at half a credit each, of which the agent can score 120. */
async function scored(tenant: DemoTenant, expect: Expectations): Promise<void> {
  const skill = 'scoreLookalike';
  const inputs = { leadIds: Array.from({ length: 200 }, (_, at) => `lead-${at}`) };
  const quote = await tenant.client.admin.quote({ agent: 'scorer', body: { skill, inputs } });
  const [line] = quote.lines;
  say();
  fact(
    'quote',
    `${line?.quantity ?? 0} leads × ${credits(line?.unitMicrocredits ?? 0)} = ${credits(quote.totalMicrocredits)}`,
  );
  expect.equal('the quote counts the leads in the inputs', line?.quantity, 200);
  expect.equal('the quote is 200 × 0.5 credits', quote.totalMicrocredits, 100_000_000);
  expect.holds('the wallet holds what the quote says', quote.affordable);
  const message = { parts: [{ data: inputs }], metadata: { 'urn:colloquy:extension:skill:v1': { id: skill } } };
  const sent = await sendAndShow(tenant, 'scorer', '200 candidate leads', message);
  const { inspected, cost } = sent;
  const lines = inspected.costLines?.map(({ component, quantity, amountMicrocredits }) => [
    component,
    quantity,
    amountMicrocredits,
  ]);
  fact('usage', `${inspected.usage?.items ?? 0} leads scored, as the agent reported`);
  expect.equal('the task is completed', sent.task.status.state, 'TASK_STATE_COMPLETED');
  expect.equal('the agent reported what it scored', inspected.usage?.items, 120);
  expect.equal('the lines of its price say why', lines, [['items', 120, 60_000_000]]);
  const entries = sent.ledger.map(({ kind, amountMicrocredits }) => `${kind} ${credits(amountMicrocredits)}`);
  expect.equal('100 are reserved, 60 settled, 40 released', entries.toSorted(), [
    'release 40',
    'reserve 100',
    'settle 60',
  ]);
  const told = [cost?.reserved, cost?.settled, cost?.released];
  expect.equal('its caller is told the same by the last event', told, ['100', '60', '40']);
  expectWellFormed(sent, expect);
}

function expectPaid(sent: SentTask, priceMicrocredits: number, expect: Expectations): void {
  expect.equal('the task is completed', sent.task.status.state, 'TASK_STATE_COMPLETED');
  expect.equal('its price is reserved and settled', kindsOf(sent), ['reserve', 'settle']);
  const amounts = sent.ledger.map(({ amountMicrocredits }) => amountMicrocredits);
  expect.equal('the price is the one agreed', amounts, [priceMicrocredits, priceMicrocredits]);
  expect.equal('the stream ends with what it cost', sent.cost?.settledMicrocredits, priceMicrocredits);
  expect.equal(
    'its end is in the audit once',
    sent.audit.map(({ action }) => action),
    ['task.completed'],
  );
  expectWellFormed(sent, expect);
}

function expectWellFormed({ seqs, inspected, task, events }: SentTask, expect: Expectations): void {
  const ascending = seqs.every((seq, index) => index === 0 || seq > (seqs[index - 1] ?? 0));
  expect.holds('its events came in order and once', ascending && events[0]?.task !== undefined);
  expect.equal(
    'its log has exactly the events shown',
    inspected.events.map(({ seq }) => seq),
    seqs,
  );
  expect.equal('it was worked on once', inspected.attempt, 1);
  const state = task.status.state.replace('TASK_STATE_', '').toLowerCase();
  expect.equal('the platform and the stream agree on its state', inspected.state, state);
}

/** The other tenant asks for the first one's task in every way there is and must learn nothing, not even that it exists. */
async function apart(owner: DemoTenant, other: DemoTenant, { task }: SentTask, expect: Expectations): Promise<void> {
  const absent = `tsk_${'0'.repeat(32)}`;
  const ask = other.client;
  const ways: readonly (readonly [string, (id: string) => Promise<unknown>])[] = [
    ['get', (id) => ask.agent('echo').getTask(id)],
    ['cancel', (id) => ask.agent('echo').cancelTask(id)],
    ['inspect', (id) => ask.admin.inspectTask({ task: id })],
    [`inspect in ${owner.slug}`, (id) => ask.admin.forTenant(owner.slug).inspectTask({ task: id })],
  ];
  say();
  for (const [way, attempt] of ways) {
    const [foreign, missing] = await Promise.all([refusalOf(attempt(task.id)), refusalOf(attempt(absent))]);
    expect.equal(`${way}: ${owner.slug}'s task looks like a missing one`, foreign, missing);
    fact(way.split(' ', 1)[0] ?? '', `${foreign} ${dim(`– as for a task that does not exist`)}`);
  }
  const { tasks } = await ask.agent('echo').listTasks({});
  expect.holds(`${other.slug} does not list it`, tasks.length > 0 && tasks.every(({ id }) => id !== task.id));
  const entries = await ask.admin.listAuditEntries({ resource: task.id });
  expect.equal(`${other.slug}'s audit does not name it`, entries.items, []);
}

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'answered',
    (error: unknown) => (error instanceof ColloquyError ? `${error.code}: ${error.message}` : String(error)),
  );
}

function showSums(before: CreditBalance, after: CreditBalance, expect: Expectations): void {
  const used = after.usedMicrocredits - before.usedMicrocredits;
  expect.equal('exactly the completed tasks are paid for', used, 2 * 500_000 + 2_000_000 + 1_000_000 + 60_000_000);
  expect.equal('nothing is held back any more', after.reservedMicrocredits, before.reservedMicrocredits);
  const { grantedMicrocredits: granted, availableMicrocredits: available, reservedMicrocredits: reserved } = after;
  expect.equal('granted = available + reserved + used', granted, available + reserved + after.usedMicrocredits);
  const sum = [available, reserved, after.usedMicrocredits].map(credits).join(' + ');
  fact('wallet', `${credits(granted)} granted = ${sum} available, reserved, used ${green('✓')}`);
}

function kindsOf({ ledger }: SentTask): readonly string[] {
  return ledger.map(({ kind }) => kind);
}

function artifactText({ task }: SentTask): string {
  return (task.artifacts ?? []).map(text).join('').trim();
}
