import type { BindingName } from './requirement.ts';

/** A scenario that is known to fail. It fails the suite when it holds again, so the list tells the truth. */
export interface KnownFailure {
  /** Name of the scenario. */
  readonly scenario: string;
  readonly on: BindingName | 'once';
  /** What is missing. */
  readonly reason: string;
}

const onEvery = (scenario: string, reason: string): readonly KnownFailure[] =>
  (['JSONRPC', 'HTTP+JSON', 'GRPC'] as const).map((on) => ({ scenario, on, reason }));

const noSignature = 'cards are not signed yet, and there is no trust store to call';
const noExtended = 'there is no extended card yet';

export const knownFailures: readonly KnownFailure[] = [
  ...onEvery(
    'a media type that the agent does not take is refused',
    'parts are not compared with the input modes of the card',
  ),
  ...onEvery(
    'an extension that the agent requires is required of callers too, in exactly that version',
    'extensions of the card are left out, and A2A-Extensions is not passed on',
  ),
  ...onEvery(
    'a stream stays open while authorization is awaited',
    'the gateway stops following the agent when a task is interrupted, so what the agent does without a further message is not seen',
  ),
  ...onEvery('the extended card shows what the public one withholds, to callers who may see it', noExtended),
  { scenario: 'an extended card says how it may be kept, and which it is', on: 'HTTP+JSON', reason: noExtended },
  { scenario: 'the card is signed in its canonical form, and a changed card is not', on: 'once', reason: noSignature },
  { scenario: 'a signature names its algorithm, its key and its type', on: 'once', reason: noSignature },
  {
    scenario: 'a signed card is believed only by a key that the tenant trusts, and not after it was revoked',
    on: 'once',
    reason: noSignature,
  },
];
