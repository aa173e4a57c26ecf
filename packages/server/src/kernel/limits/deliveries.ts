/** The bounds of push notifications to receivers. */
export const deliveryLimits = {
  /** Push subscriptions of one task. A further one is refused. */
  pushSubscriptionsPerTaskMax: 10,
  /** Push subscriptions of one tenant that still follow a task. A further one is refused. */
  pushSubscriptionsPerTenantMax: 10_000,
  /** A longer token or credential of a receiver is refused as invalid. */
  pushSecretCharsMax: 4_096,
  /** A worker polls for due notifications this often, also when every notification between nodes is lost. */
  deliveryPollMs: 1_000,
  /** Polls after notifications between nodes come no closer together than this. */
  deliveryPollMsMin: 50,
  /** Subscriptions that one process delivers to at once. Further ones wait. */
  deliveriesInFlightMax: 32,
  /** The share of one origin in these deliveries, so that a slow receiver does not delay the others. */
  deliveriesPerOriginMax: 8,
  /** The share of one tenant in these deliveries. */
  deliveriesPerTenantMax: 16,
  /** Due subscriptions that one poll reads. The next poll reads the rest. */
  deliveriesPerPollMax: 500,
  /** A worker that has recorded nothing for this long loses its claim on a subscription; longer than a challenge and a notification take. */
  deliveryLeaseMs: 120_000,
  /** A longer time to answer cannot be configured. */
  deliveryMsMax: 30_000,
  /** Events that are read from a log at once to be delivered, */
  deliveryPageEventsMax: 20,
  /** and their bytes. The first one is read however long it is. */
  deliveryPageBytesMax: 256 * 1024,
  /** A delivery waits this long for room for its events. Then others come first. */
  deliveryRoomMs: 1_000,
  /** A receiver has this long to answer one notification. Then the attempt has failed. */
  deliveryMs: 10_000,
  /** After a rotation the old signing secret signs beside its successor for this long unless the request says otherwise, */
  webhookSecretOverlapMs: 24 * 60 * 60_000,
  /** and at most for this long; a longer time is refused as invalid. */
  webhookSecretOverlapMsMax: 30 * 24 * 60 * 60_000,
  /** Attempts of one notification. Then it is dead-lettered. */
  deliveryAttemptsMax: 8,
  /** The delay before the second attempt. It doubles with each; a receiver that asks for a longer one gets it, */
  deliveryRetryMsMin: 5_000,
  /** up to this delay. */
  deliveryRetryMsMax: 15 * 60_000,
  /** The connection closes after this many bytes of a receiver's answer. */
  deliveryAnswerBytesMax: 16 * 1024,
  /** Tasks with subscriptions that one process remembers, to poll only for notifications that matter. The oldest is dropped first. */
  deliveryTasksKnownMax: 10_000,
  /** A settled delivery is deleted at this age. */
  deliveryKeptMs: 30 * 24 * 60 * 60_000,
} as const;
