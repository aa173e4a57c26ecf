import { policyOf } from '@colloquy/server/test';
import { eventually } from '@colloquy/testkit';
import { createSeededRandom } from '../seeded-random.ts';
import { a2aCalls } from './authorization-matrix/a2a-calls.ts';
import { adminCalls } from './authorization-matrix/admin-calls.ts';
import type { AdminDocument } from './authorization-matrix/admin-calls.ts';
import { isRefusal, saysLacking, saysUnauthenticated } from './authorization-matrix/call.ts';
import type { Aim, MatrixCall, Told } from './authorization-matrix/call.ts';
import { wrongIdentities } from './authorization-matrix/identities.ts';
import type { Verdict, WrongIdentity } from './authorization-matrix/identities.ts';
import { askAsWrongClients, wrongClients } from './authorization-matrix/oauth-cells.ts';
import { startStage } from './authorization-matrix/stage.ts';
import type { Stage } from './authorization-matrix/stage.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import type { Figures, SuiteOptions } from './figures.ts';

const violationsMax = 100;
/** Of the small tier, drawn by the seed. */
const cellsQuick = 800;
/** How long the replicas may take to learn of what was taken back; that they learn it soon is shown by another suite. */
const reachMs = 60_000;

/** One operation, one wrong caller, one replica. */
interface Cell {
  readonly call: MatrixCall;
  readonly identity: WrongIdentity;
  readonly verdict: Verdict;
  readonly replica: number;
}

/**
 * Asks for everything that the platform does, in every binding and version, as everybody who must not get it, at two replicas. What is
 * there for others has to be answered like what is not there at all, and nothing may have changed at the end. A caller that may is let in before
 * and after, or nothing was shown.
 */
export async function authorizationMatrix({ quick, seed }: SuiteOptions): Promise<Figures> {
  await using stage = await startStage();
  const identities = await wrongIdentities(stage);
  const a2a = a2aCalls({ urls: stage.urls, grpcAddresses: stage.grpcAddresses, taskId: stage.taskId });
  try {
    const calls = [...(await endpointsOf(stage)), ...a2a.calls];
    const violations = calls
      .filter(({ operation }) => policyOf(operation) === undefined)
      .map(({ name }) => `${name} has no policy`);
    await untilKnown(stage, identities, calls);
    const all = cellsOf(calls, identities);
    const cells = quick ? drawn(all, seed) : all;
    const opened = await letIn(stage, calls, violations);
    const clients = await wrongClients(stage);
    const before = { state: await stage.state(), done: await stage.done(), heard: stage.heard() };
    const compared = await attack(cells, violations);
    const askedOauth = await askAsWrongClients(stage, clients, violations);
    const after = { state: await stage.state(), done: await stage.done(), heard: stage.heard() };
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    if (!isSame) violations.push(`something has changed: ${differenceOf(before.state, after.state)}`);
    return {
      counts: {
        cells: cells.length + askedOauth,
        operations: calls.length,
        identities: identities.length,
        identitiesMin: Math.min(...calls.map((call) => wrongFor(call, identities))),
        replicas: stage.urls.length,
        compared,
        opened,
        stateChanges: isSame ? 0 : 1,
      },
      violations,
      skipped: [],
    };
  } finally {
    a2a.close();
  }
}

async function endpointsOf({ urls, values, victim }: Stage): Promise<readonly MatrixCall[]> {
  const document = (await (await fetch(`${urls[0] ?? ''}/api/v1/openapi.json`)).json()) as AdminDocument;
  const bodies = { createGrant: { principal: victim.clientId, role: 'caller' } };
  return adminCalls(document, urls, values, bodies);
}

function drawn(cells: readonly Cell[], seed: number): readonly Cell[] {
  const random = createSeededRandom(seed);
  const mixed = cells.map((cell) => ({ cell, at: random.next() })).toSorted((one, other) => one.at - other.at);
  return mixed.slice(0, cellsQuick).map(({ cell }) => cell);
}

function cellsOf(calls: readonly MatrixCall[], identities: readonly WrongIdentity[]): Cell[] {
  return calls.flatMap((call) =>
    identities.flatMap((identity) => {
      const verdict = identity.verdictFor(call);
      return verdict === null ? [] : [0, 1].map((replica) => ({ call, identity, verdict, replica }));
    }),
  );
}

/** How many may not make a call. */
function wrongFor(call: MatrixCall, identities: readonly WrongIdentity[]): number {
  return identities.filter((identity) => identity.verdictFor(call) !== null).length;
}

const victimAt = (replica: number, fields: Aim['fields']): Aim => ({
  replica,
  tenantSlug: 'victim',
  agentName: 'worker',
  fields,
});

/** Until both replicas know what was taken back, and who never called before has been seen. */
async function untilKnown(
  { urls }: Stage,
  identities: readonly WrongIdentity[],
  calls: readonly MatrixCall[],
): Promise<void> {
  const probe = calls.find(({ operation }) => operation === 'credits.read');
  if (probe === undefined) throw new Error('There is nothing to probe with.');
  for (const identity of identities) {
    if (identity.verdictFor(probe) === null) continue;
    for (const replica of urls.keys()) {
      const told = (): Promise<Told> => probe.ask(victimAt(replica, identity.fieldsFor(probe)));
      await eventually(`${identity.name} is refused`, async () => isRefusal(await told()), reachMs);
    }
  }
}

/** Who may is let in, so that a refusal says something. Input that is no good keeps it from changing anything. */
async function letIn(stage: Stage, calls: readonly MatrixCall[], violations: string[]): Promise<number> {
  const tokens = { victim: await stage.victim.client.token(), operator: await stage.replicas[0].operator.token() };
  let opened = 0;
  for (const call of calls) {
    const ask = call.surface === 'a2a' || call.name.startsWith('GET ') ? call.ask : call.askBadly;
    if (ask === null) continue;
    const isForOperators = policyOf(call.operation)?.actor === 'operator';
    const authorization = `Bearer ${isForOperators ? tokens.operator : tokens.victim}`;
    for (const replica of stage.urls.keys()) {
      const told = await ask(victimAt(replica, { authorization }));
      if (saysUnauthenticated(told) || saysLacking(told) || /agent-unknown/.test(told.text)) {
        violations.push(`${call.name} does not let in who may: ${shown(told)}`);
      } else opened += 1;
    }
  }
  return opened;
}

/** How many answers were compared with those about what is not there. */
async function attack(cells: readonly Cell[], violations: string[]): Promise<number> {
  let compared = 0;
  const twins = new Map<string, Promise<Told>>();
  const note = (cell: Cell, told: Told, why: string): void => {
    if (violations.length >= violationsMax) return;
    violations.push(`${cell.call.name} as ${cell.identity.name} at replica ${cell.replica}: ${why}: ${shown(told)}`);
  };
  const judge = async (cell: Cell): Promise<void> => {
    const { call, identity, verdict, replica } = cell;
    const fields = identity.fieldsFor(call);
    const told = await call.ask(victimAt(replica, fields));
    if (!isRefusal(told)) return note(cell, told, 'got through');
    if (verdict === 'unauthenticated')
      return saysUnauthenticated(told) ? undefined : note(cell, told, 'is authenticated');
    if (verdict === 'lacking') return saysLacking(told) ? undefined : note(cell, told, 'is not told of a right');
    const key = `${call.name} ${identity.name}`;
    const twin = twins.get(key) ?? call.ask({ ...nowhereFor(identity), replica: 0, fields });
    twins.set(key, twin);
    const missing = await twin;
    compared += 1;
    if (told.status !== missing.status || told.text !== missing.text)
      note(cell, told, `differs from what is not there, ${shown(missing)}`);
  };
  await forEachAtOnce(cells, judge);
  return compared;
}

/** What is not there: for who belongs to the tenant something in it, for everybody else a tenant. */
function nowhereFor({ isInside }: WrongIdentity): Pick<Aim, 'tenantSlug' | 'agentName' | 'namesNothing'> {
  return isInside === true
    ? { tenantSlug: 'victim', agentName: 'no-such-agent', namesNothing: true }
    : { tenantSlug: 'no-such-tenant', agentName: 'worker' };
}

function shown({ status, text }: Told): string {
  return `${status} ${text.slice(0, 200)}`;
}

function differenceOf(before: string, after: string): string {
  const known = new Set(before.split('\n'));
  return after
    .split('\n')
    .filter((line) => !known.has(line))
    .join(', ');
}
