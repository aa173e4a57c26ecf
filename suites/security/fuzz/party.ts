/** A tenant as those who write requests to it know it. */
export interface Party {
  readonly slug: string;
  /** What its client shows. */
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** In texts that the tenant owns, and that no other tenant may see. */
  readonly marker: string;
  /** A task that has ended. */
  readonly taskId: string;
  /** Something of each kind that may be lost: names and ids by the name that paths of the admin API have for it. */
  readonly spare: Readonly<Record<string, string>>;
}

/** One request, over HTTP or over gRPC. */
export interface FuzzRequest {
  readonly surface: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: none. Of a gRPC call: its frames. */
  readonly body: Buffer | null;
}
