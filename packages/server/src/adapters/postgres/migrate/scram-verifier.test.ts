import assert from 'node:assert/strict';
import { it } from 'node:test';
import { scramVerifier } from './scram-verifier.ts';

/** Guarantee: PostgreSQL accepts the password of a verifier that it was given (the exchange of RFC 7677 section 3). */
it('derives the keys of the RFC 7677 example', async () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  assert.equal(
    await scramVerifier('pencil', salt),
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
  assert.notEqual(await scramVerifier('pencil'), await scramVerifier('pencil'));
});
