/**
 * Guarantee: a network of IPv6 counts as one source, whichever of its addresses sends and however that is written; and no source is taken
 * for a neighbour. If this were broken, a guesser would have 2^64 attempts, or one caller would use up what another may ask.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { networkOf, plainAddress } from './address-ranges.ts';

describe('the network of an address', () => {
  it('is one for all addresses of a /64, however they are written', () => {
    const written = [
      '2001:db8:1:2::',
      '2001:db8:1:2::1',
      '2001:db8:1:2:ffff:ffff:ffff:ffff',
      '2001:db8:1:2:0:0:0:7',
      '2001:DB8:1:2::AB',
      '2001:0db8:0001:0002:0000:0000:0000:0001',
      '2001:db8:1:2::192.0.2.1',
    ];
    assert.deepEqual([...new Set(written.map(networkOf))], ['2001:db8:1:2']);
    assert.equal(networkOf('2001:db8::1'), networkOf('2001:0DB8:0:0:8::'), 'zeros that are left out are there');
    assert.equal(networkOf('::1'), networkOf('0:0:0:0:0:0:0:2'));
    assert.equal(networkOf('fe80::1%eth0'), networkOf('fe80::2%eth1'), 'a neighbour on any interface');
  });

  it('differs where one bit of the first 64 does', () => {
    const networks = ['2001:db8:1:2::1', '2001:db8:1:3::1', '2001:db8:0:2::1', '2001:db8::1', '2001:db9::1', '::1'];
    assert.equal(new Set(networks.map(networkOf)).size, networks.length);
    assert.notEqual(networkOf('1:0:0:1::'), networkOf('1:0:1::'), 'zeros stand where they stand');
  });

  it('is an address of IPv4 itself, also when it comes as one of IPv6, and none of its neighbours', () => {
    const mapped = [
      '192.0.2.1',
      '::ffff:192.0.2.1',
      '::FFFF:192.0.2.1',
      '0:0:0:0:0:ffff:192.0.2.1',
      '::ffff:c000:201',
      '0000:0000:0000:0000:0000:FFFF:C000:0201',
    ];
    assert.deepEqual([...new Set(mapped.map(networkOf))], ['192.0.2.1']);
    assert.deepEqual([...new Set(mapped.map(plainAddress))], ['192.0.2.1']);
    assert.notEqual(networkOf('::ffff:192.0.2.2'), '192.0.2.1');
    assert.notEqual(networkOf('::ffff:192.0.2.1'), networkOf('::1'));
  });

  it('is never that of a real address for what is none', () => {
    const real = new Set(['::1', '2001:db8::1', '192.0.2.1', 'fe80::1'].map(networkOf));
    for (const garbage of [
      '',
      ':',
      'unknown',
      '_hidden',
      '[2001:db8::1]',
      '2001:db8::1::2',
      ':::',
      '1:2',
      'x::y',
      '::1 ',
    ])
      assert.ok(!real.has(networkOf(garbage)), garbage);
  });
});
