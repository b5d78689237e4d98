/** English texts of the comparison with the provider. */
export const drift = {
  title: 'Ledger and bill',
  aside: 'what the key in use has spent, by OpenRouter and by the ledger',
  explanation:
    'A difference is OpenRouter’s figure less the ledger’s, for the running day, week and month in UTC; the week begins on Monday. Its usual cause is calls made with the same key elsewhere: give this bot a key of its own. On the first days of an installation, what the key was used for before counts as difference too.',
  unsettled: 'Attempts that are under way or whose cost is unknown are missing in the ledger’s figure; an estimated cost may be off. Imported logs are not compared.',
  notConfigured: 'OpenRouter is not configured, so there is nothing to compare with.',
  never: 'Not measured yet. It is measured every 15 minutes.',
  measuredAt: 'Measured',
  measure: 'Measure now',
  measuring: 'Measuring…',
  done: 'Measured just now.',
  refusals: {
    throttled: 'Measured a moment ago. Try again in ten seconds.',
    unavailable: 'OpenRouter does not answer or refuses the key, so nothing was measured. The health of OpenRouter says which.',
  },
  periods: { day: 'Today', week: 'This week', month: 'This month' },
  columns: {
    period: 'Period',
    since: 'Since',
    ledger: 'Ledger',
    provider: 'OpenRouter',
    difference: 'Difference',
    reserved: 'Under way',
    unknown: 'Unknown cost',
    estimated: 'Estimated',
  },
  history: { title: 'Earlier measurements', at: 'Measured', day: 'Day', week: 'Week', month: 'Month' },
  unmatched: {
    title: 'Attempts of this month without a cost from OpenRouter',
    none: 'OpenRouter has told the cost of every attempt of this month.',
    cut: 'The newest {{shown}} of {{total}} are shown.',
    columns: { startedAt: 'Start', operation: 'Operation', model: 'Model', status: 'Status', source: 'Source', cost: 'Cost' },
  },
  activity: {
    title: 'Activity by day and model',
    note: 'The activity of the whole account, all of its keys together, on completed days in UTC; compared once a day, the last 30 days whatever range is shown.',
    cut: 'The newest {{shown}} of {{total}} are shown.',
    columns: { date: 'Day', model: 'Model', ledgerCount: 'Our calls', providerCount: 'Calls by OpenRouter' },
  },
} as const;
