/** Guarantee: what an operator opens to one tenant is open to that tenant alone, at once closed again when it is removed, and never more than a private address. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeClock } from '@colloquy/testkit';
import { PlatformError } from '../../kernel/errors.ts';
import { idOf } from '../../kernel/ids.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { EgressAllowance } from '../../modules/egress/index.ts';
import { allowanceReader } from './allowance-reader.ts';
import { EgressGuards } from './egress-guards.ts';

const [acme, globex] = [idOf('tnt', '1'.repeat(32)), idOf('tnt', '2'.repeat(32))];
const refused = { code: 'egress.refused' };

/** What operators opened, and how often it was read. */
class World {
  readonly open = new Map<string, string[]>();
  readonly clock = new FakeClock(0);
  reads = 0;
  isAway = false;
  readonly guards = new EgressGuards({
    policy: { allowedRanges: [], allowedHosts: [], ownPorts: () => new Set([8080]), ownAddresses: () => ['10.1.0.9'] },
    clock: this.clock,
    resolve: (_host, done) => done(null, [{ address: '10.1.0.5', family: 4 }]),
    allowances: {
      list: async (tenantId): Promise<readonly EgressAllowance[]> => {
        this.reads += 1;
        if (this.isAway) throw new PlatformError('platform.unavailable');
        return (this.open.get(tenantId) ?? []).flatMap((text) => {
          const read = allowanceReader.read(text);
          return read === null ? [] : [{ ...read, allowedBy: 'cli_operator', createdAt: new Date(0) }];
        });
      },
    },
  });

  /** Judges what the name of a URL leads to, as each connection does. */
  async reach(text: string, tenantId: TenantId): Promise<void> {
    const guard = await this.guards.forTenant(tenantId);
    const url = guard.checkUrl(text);
    await new Promise<void>((resolve, reject) => {
      guard.lookupFor(url)(url.hostname, { all: true }, (error) => (error === null ? resolve() : reject(error)));
    });
  }
}

describe('what is open to a tenant', () => {
  it('is open to no other, and they share no connection (T16, T06)', async () => {
    const world = new World();
    world.open.set(acme, ['10.1.0.0/16', 'agents.example']);
    await world.guards.checkAddress('http://10.1.0.5/', acme);
    await world.guards.checkAddress('http://agents.example/', acme);
    await assert.rejects(world.guards.checkAddress('http://10.1.0.5/', globex), refused);
    await assert.rejects(world.guards.checkAddress('http://agents.example/', globex), refused);
    await assert.rejects(world.reach('https://agents.example/', globex), refused);
    await world.reach('http://agents.example/', acme);
    await assert.rejects(world.guards.checkAddress('http://10.2.0.5/', acme), refused);
    const [one, other] = [await world.guards.forTenant(acme), await world.guards.forTenant(globex)];
    assert.notEqual(one.name, other.name);
    assert.equal(other.name, (await world.guards.forTenant(idOf('tnt', '3'.repeat(32)))).name);
  });

  it('never holds metadata services, groups, other spellings, or the platform itself', async () => {
    const world = new World();
    world.open.set(acme, ['0.0.0.0/0', '::/0', 'metadata.example']);
    for (const url of [
      'http://169.254.169.254/',
      'http://100.100.100.200/',
      'http://[fd00:ec2::254]/',
      'http://[::ffff:10.1.0.5]/',
      'http://[64:ff9b::a01:5]/',
      'http://224.0.0.1/',
      'http://0.0.0.0/',
      'http://10.1.0.9:8080/',
      'http://127.0.0.1:8080/',
      'http://10.1.0.5:6379/',
    ]) {
      await assert.rejects(world.guards.checkAddress(url, acme), refused, url);
    }
    await world.guards.checkAddress('http://10.1.0.9:9000/', acme);
  });

  it('is read again in time, so a removal reaches every process, and is not guessed while the database is away', async () => {
    const world = new World();
    world.open.set(acme, ['10.1.0.0/16']);
    const first = await world.guards.forTenant(acme);
    await Promise.all(Array.from({ length: 50 }, () => world.guards.forTenant(acme)));
    assert.equal(world.reads, 1);
    world.open.delete(acme);
    await world.clock.advance(limits.egressRefreshMs);
    await assert.rejects(world.guards.checkAddress('http://10.1.0.5/', acme), refused);
    assert.notEqual((await world.guards.forTenant(acme)).name, first.name, 'connections of before serve no more');
    world.isAway = true;
    await world.clock.advance(limits.egressRefreshMs);
    await assert.rejects(world.guards.checkAddress('https://93.184.216.34/', acme), { code: 'platform.unavailable' });
    world.isAway = false;
    await world.guards.checkAddress('https://93.184.216.34/', acme);
  });
});

describe('an allowance', () => {
  it('is a range, an address or a host name in one spelling', () => {
    const cases: readonly [string, string | null][] = [
      ['10.0.0.0/8', '10.0.0.0/8'],
      ['10.1.2.3', '10.1.2.3'],
      ['FD00:0:0::/8', 'fd00::/8'],
      ['::1', '::1'],
      ['Agents.Internal.', 'agents.internal'],
      ['echo-agent', 'echo-agent'],
      ['', null],
      ['10.0.0.0/', null],
      ['10.0.0.0/33', null],
      ['10.0.0.0/8/8', null],
      ['fe80::1%eth0', null],
      ['2130706433', null],
      ['0x7f000001', null],
      ['127.1', null],
      ['a..b', null],
      ['-a.example', null],
      ['https://a.example', null],
      ['*.example', null],
    ];
    for (const [text, target] of cases) assert.equal(allowanceReader.read(text)?.target ?? null, target, text);
  });
});
