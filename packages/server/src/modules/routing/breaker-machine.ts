/** Which calls reach an instance: all, none, or a single probe. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** `last-fault` is the fault that reaches the limit of consecutive ones. Events `probe-…` come from the probe call only. */
export type BreakerEvent = 'answer' | 'fault' | 'last-fault' | 'probe-granted' | 'probe-answer' | 'probe-fault';

/** See docs/specs/breaker.md. A call that began before the breaker opened changes nothing when it ends. */
export const breakerMachine: Readonly<Record<BreakerState, Readonly<Record<BreakerEvent, BreakerState>>>> = {
  closed: {
    answer: 'closed',
    fault: 'closed',
    'last-fault': 'open',
    'probe-granted': 'closed',
    'probe-answer': 'closed',
    'probe-fault': 'open',
  },
  open: {
    answer: 'open',
    fault: 'open',
    'last-fault': 'open',
    'probe-granted': 'half-open',
    'probe-answer': 'closed',
    'probe-fault': 'open',
  },
  'half-open': {
    answer: 'half-open',
    fault: 'half-open',
    'last-fault': 'half-open',
    'probe-granted': 'half-open',
    'probe-answer': 'closed',
    'probe-fault': 'open',
  },
};
