import { getEconomics } from '#server/services/reports/get-economics.ts';
import type { OurReport } from './our-report.ts';

const text = (count: number) => String(count);

export const readEconomics: OurReport = async (deps) => {
  const { total, users, overTime, byPlan, byOperation, bySource, topUsers } = await getEconomics(deps, { range: '30d' });
  return () => ({
    exact: {
      payments: total.paymentUsd, refunds: total.refundUsd, revenue: total.revenueUsd, cost: total.costUsd, margin: total.marginUsd,
      payment_count: text(total.paymentCount), refund_count: text(total.refundCount), attempt_count: text(total.attemptCount),
      per_active: users.costPerActiveUsd, per_paying: users.costPerPayingUsd, active: text(users.activeCount), paying: text(users.payingCount),
      active_paying: text(users.activePayingCount), new_users: text(users.newCount), converted: text(users.convertedCount), new_paying: text(users.newPayingCount),
      ...Object.fromEntries(overTime.flatMap(({ startsAt, costUsd, paymentUsd, refundUsd }) => {
        const day = startsAt.slice(0, 10);
        return [[`cost of ${day}`, costUsd], [`payments of ${day}`, paymentUsd], [`refunds of ${day}`, refundUsd]];
      })),
      ...Object.fromEntries(byPlan.map(({ plan, costUsd }) => [`cost by plan of ${plan}`, costUsd])),
      ...Object.fromEntries(byOperation.flatMap(({ operation, costUsd, deliveredCount }) =>
        [[`cost by operation of ${operation}`, costUsd], [`delivered of ${operation}`, text(deliveredCount)]])),
      ...Object.fromEntries(bySource.flatMap(({ source, costUsd, paymentUsd, signupCount }) =>
        [[`cost by source of ${source}`, costUsd], [`payments by source of ${source}`, paymentUsd], [`sign-ups by source of ${source}`, text(signupCount)]])),
      ...Object.fromEntries(topUsers.map(({ userId, costUsd }) => [`cost of user ${userId}`, costUsd])),
    },
    near: {},
  });
};
