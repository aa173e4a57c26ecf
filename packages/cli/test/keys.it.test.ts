/**
 * Guarantee: operators rotate signing keys and the secret key by command, see the progress, and lock no client out; the platform refuses every
 * token of a revoked key.
 */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  answers,
  completed,
  createTestDatabase,
  eventually,
  FakeClock,
  hostileCard,
  startRawAgent,
  startTestPlatform,
} from '@colloquy/testkit';
import type { RawAgent, TestDatabase, TestTenant } from '@colloquy/testkit';
import { shellAt, startCommandSetting } from './command-setting.ts';
import type { CommandSetting, Shell } from './command-setting.ts';

interface Key {
  readonly kid: string;
  readonly state: string;
}

const minuteMs = 60_000;
/** For tests that move the clock of the database by minutes: no process dies of that. */
const leapingLeases = { COLLOQUY_NODE_FENCE_AFTER_MS: '500000', COLLOQUY_NODE_DEAD_AFTER_MS: '800000' };

describe('signing keys', () => {
  let setting: CommandSetting;
  let clock: FakeClock;
  let operator: Shell;
  let acme: Shell;

  before(async () => {
    clock = new FakeClock();
    setting = await startCommandSetting({ clock, env: leapingLeases });
    ({ operator, acme } = setting);
  });
  after(() => setting[Symbol.asyncDispose]());

  /** The states of the keys, oldest first. */
  const states = async (): Promise<readonly string[]> =>
    (await operator.value<readonly Key[]>('key', 'list')).map(({ state }) => state);
  const token = async (): Promise<{ readonly kid: string; readonly bearer: string }> => {
    const bearer = (await acme.told('token')).trimEnd();
    const { kid } = JSON.parse(Buffer.from(bearer.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    return { kid, bearer };
  };
  const accepts = async (bearer: string): Promise<number> => {
    const headers = { authorization: `Bearer ${bearer}` };
    return (await fetch(`${setting.platform.url}/api/v1/tenants/acme/agents`, { headers })).status;
  };
  /** The platform reads its keys anew when the database's clock shows this. */
  const atDatabaseMs = async (offsetMs: number): Promise<void> => {
    await setting.platform.database.setClockOffset(offsetMs);
    await clock.advance(5_000);
  };

  it('are rotated: the successor is published, and signs ten minutes later, while every token stays good', async () => {
    const [first] = await operator.value<readonly Key[]>('key', 'list');
    assert.ok(first !== undefined);
    const listed = await operator.told('key', 'list');
    assert.match(listed, new RegExp(`^KEY +STATE +CREATED\n${first.kid} +signing +\\d{4}-`));
    const tooSoon = await operator.refused(6, 'key', 'rotate');
    assert.equal(tooSoon.code, 'access.key-rotating');
    assert.match(tooSoon.said, /what to do: .*ten minutes.*colloquy key list/);
    assert.deepEqual(await states(), ['signing'], 'no key was made');

    await atDatabaseMs(11 * minuteMs);
    const { bearer: early, kid } = await token();
    assert.equal(kid, first.kid);
    const [, successor = ''] = /^Published ([\w-]{43})\.\n$/.exec(await operator.told('key', 'rotate')) ?? [];
    assert.deepEqual(await states(), ['signing', 'published']);
    assert.equal((await token()).kid, first.kid, 'it does not sign yet');
    await operator.refused(6, 'key', 'rotate');

    await atDatabaseMs(22 * minuteMs);
    await eventually('the successor signs', async () => (await token()).kid === successor);
    assert.deepEqual([await accepts(early), await accepts((await token()).bearer)], [200, 200]);
  });

  it('are dropped at once: nothing that the key signed is believed, and another one signs', async () => {
    const { kid, bearer } = await token();
    assert.equal(await accepts(bearer), 200);
    assert.equal(await operator.told('key', 'revoke', kid), `Revoked ${kid}.\n`);
    await eventually('its tokens are out', async () => (await accepts(bearer)) === 401);
    const { kid: next, bearer: fresh } = await token();
    assert.notEqual(next, kid);
    assert.equal(await accepts(fresh), 200);
    const dropped = await operator.value<object>('key', 'revoke', kid);
    assert.deepEqual(dropped, { kid, dropped: true }, 'to drop it again changes nothing');
    assert.equal((await states()).filter((state) => state === 'dropped').length, 1);
  });

  it('stay as they are for a key that is none, and for who does not run the platform', async () => {
    const before = await operator.value<readonly Key[]>('key', 'list');
    for (const kid of ['nonsense', 'A'.repeat(43)])
      assert.equal((await operator.refused(5, 'key', 'revoke', kid)).code, 'access.key-unknown');
    assert.match((await operator.refused(2, 'key', 'revoke')).said, /Missing required argument "key-id"/);
    for (const argv of [['list'], ['rotate'], ['drop', before[0]?.kid ?? '']])
      assert.equal((await acme.refused(4, 'key', ...argv)).code, 'access.scope-missing');
    assert.deepEqual(await operator.value('key', 'list'), before);
    assert.equal(await accepts((await token()).bearer), 200);
  });
});

interface SecretState {
  readonly kekId: string;
  readonly rotation?: {
    readonly rotationId: string;
    readonly stage: string;
    readonly renewsDataKeys: boolean;
    readonly unreadable: number;
  };
}

describe('the secret key', () => {
  const [first = '', second = ''] = ['first', 'second'].map((name) => hash('sha256', name, 'base64'));
  const token = 'a-token-of-the-agent';
  let database: TestDatabase;
  let agent: RawAgent;
  let tenant: TestTenant;

  before(async () => {
    database = await createTestDatabase();
    agent = await startRawAgent(answers(completed));
    await using platform = await startTestPlatform({ database, env: { COLLOQUY_SECRET_KEY: first } });
    tenant = await platform.createTenant('acme');
    const card = hostileCard({ wire: '1.0 JSONRPC', streaming: false }, agent.url) as never;
    await tenant.client.admin.registerAgent({
      body: { name: 'keeper', card, credential: { kind: 'bearer', value: token } },
    });
  });
  after(async () => {
    await agent[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  it('is rotated while the status says how far that is, one rotation at a time, by operators alone', async () => {
    const clock = new FakeClock();
    const env = { ...leapingLeases, COLLOQUY_SECRET_KEY: `${second},${first}` };
    await using platform = await startTestPlatform({ database, clock, env });
    const operator = shellAt(platform.url, platform.operatorCredentials);
    const acme = shellAt(platform.url, tenant);
    const status = () => operator.value<SecretState>('secret', 'status');
    let passedMs = 0;
    /** Looks until the open rotation is done; the time that other processes have to learn of its keys passes at once. */
    const finished = (): Promise<SecretState> =>
      eventually('the rotation is finished', async () => {
        await database.setClockOffset((passedMs += 16_000));
        await clock.advance(5_000);
        const state = await status();
        return state.rotation?.stage === 'finished' && state;
      });

    // Every database begins with a rotation.
    const pending = await operator.refused(6, 'secret', 'rotate');
    assert.equal(pending.code, 'secret.rotation-pending');
    assert.match(pending.said, /what to do: .*colloquy secret status/);
    const old = await finished();
    assert.match(await operator.told('secret', 'status'), new RegExp(`^key +${old.kekId}$`, 'm'));
    assert.equal((await acme.refused(4, 'secret', 'rotate')).code, 'access.scope-missing');
    assert.equal((await acme.refused(4, 'secret', 'status')).code, 'access.scope-missing');
    assert.equal((await operator.refused(2, 'secret', 'rotate', 'now')).code, 'cli.usage');
    assert.deepEqual(await status(), old, 'nothing was begun');

    const said = await operator.told('secret', 'rotate', '--data-keys');
    assert.match(said, /^rotation +keys$/m);
    assert.match(said, new RegExp(`^requested +\\d{4}-.* by ${operator.clientId}$`, 'm'));
    assert.match(said, /^data keys +renewed$/m);
    assert.match(said, /^finished +not yet$/m);
    const done = await finished();
    assert.notEqual(done.kekId, old.kekId);
    assert.notEqual(done.rotation?.rotationId, old.rotation?.rotationId);
    assert.deepEqual([done.rotation?.renewsDataKeys, done.rotation?.unreadable], [true, 0]);
    assert.match(await operator.told('secret', 'status'), /^finished +\d{4}-/m);
  });

  it('that came before is needed no more: what it had sealed is sent to its agent, and it opens nothing', async () => {
    const start = (key: string) => startTestPlatform({ database, env: { COLLOQUY_SECRET_KEY: key } });
    await assert.rejects(start(first), /not the one that this database was made with/);
    await using platform = await start(second);
    assert.match(await shellAt(platform.url, tenant).told('send', 'keeper', 'hello'), /^completed/m);
    assert.deepEqual(
      agent.requests.map(({ headers }) => headers.get('authorization')),
      [`Bearer ${token}`],
    );
  });
});
