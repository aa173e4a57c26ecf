/** How many agents, and how often what is asked. */
export interface RegistryPlan {
  readonly tenants: number;
  readonly agentsPerTenant: number;
  readonly skillsPerAgent: number;
  /** Reads of each kind that are measured, after half as many to warm up; of cards, twenty of each tenant. */
  readonly reads: number;
  /** Calls that are open at a time. */
  readonly readers: number;
  /** Platform processes. */
  readonly nodes: number;
  /** Cards that are changed at one node and looked for at all others. */
  readonly changes: number;
}

export const registryPlans = {
  quick: { tenants: 4, agentsPerTenant: 250, skillsPerAgent: 5, reads: 300, readers: 1, nodes: 3, changes: 10 },
  full: { tenants: 50, agentsPerTenant: 2_000, skillsPerAgent: 5, reads: 3_000, readers: 1, nodes: 3, changes: 100 },
} as const satisfies Record<string, RegistryPlan>;
