/** How many streams, how long and how often. */
export interface StreamsPlan {
  readonly idle: {
    readonly streams: number;
    readonly tasks: number;
    readonly tenants: number;
    /** Silence that is listened to, for heartbeats. */
    readonly silenceMs: number;
    readonly broadcasts: number;
  };
  readonly firstEvent: {
    /** Streams that live at a time. */
    readonly streams: number;
    readonly rounds: number;
    readonly warmupMs: number;
    readonly measureMs: number;
  };
}

/** The platform's promise (`limits.streamHeartbeatMs`): a comment after so much silence. */
export const heartbeatMs = 15_000;

export const streamPlans = {
  quick: {
    idle: { streams: 1000, tasks: 20, tenants: 2, silenceMs: heartbeatMs + 2_000, broadcasts: 3 },
    firstEvent: { streams: 100, rounds: 1, warmupMs: 2_500, measureMs: 4_000 },
  },
  full: {
    idle: { streams: 10_000, tasks: 100, tenants: 4, silenceMs: 3 * heartbeatMs + 3_000, broadcasts: 10 },
    firstEvent: { streams: 100, rounds: 3, warmupMs: 12_000, measureMs: 10_000 },
  },
} as const satisfies Record<string, StreamsPlan>;

/** Between two broadcasts, so that each is over before the next. */
export const betweenBroadcastsMs = 2_500;
/** What the streaming agent says after its first word, and how long it pauses before each piece. A stream lives for about a second. */
export const talk = { pieces: 10, pauseMs: 100 } as const;
