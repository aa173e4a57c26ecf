/** A range in CIDR form or one address, or the exact name of a host. */
export type AllowanceKind = 'range' | 'host';

/** A private address or network that an operator has opened to a tenant. */
export interface EgressAllowance {
  /** In its shortest spelling: `10.1.0.0/16`, `fd00::/8`, `agents.internal.example`. */
  readonly target: string;
  readonly kind: AllowanceKind;
  /** Id of the operator. */
  readonly allowedBy: string;
  readonly createdAt: Date;
}

/** Parses the target of an allowance as an operator writes it. */
export interface AllowanceReader {
  /** Null for text that is neither a range of addresses nor the name of a host. */
  read(text: string): Pick<EgressAllowance, 'target' | 'kind'> | null;
}
