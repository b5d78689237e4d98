import type { Budget } from '#db/schema/index.ts';

/** What decides which budgets an attempt falls under. */
export interface Spender {
  readonly operation: string;
  readonly model: string;
  readonly plan: string;
  readonly userId: number;
}

/** Whether an attempt falls under a budget. */
export function isInScope({ scope, scopeValue }: Pick<Budget, 'scope' | 'scopeValue'>, spender: Spender): boolean {
  switch (scope) {
    case 'all':
    case 'user':
      return true;
    case 'operation':
      return scopeValue === spender.operation;
    case 'model':
      return scopeValue === spender.model;
    case 'plan':
      return scopeValue === spender.plan;
  }
}
