/** English texts of exports: their links, how far one is, and why one is refused. */
export const exportTexts = {
  label: 'Export',
  all: 'All reports (zip)',
  /** For those who hear the links one by one. */
  names: { csv: '{{what}} as CSV', json: '{{what}} as JSON' },
  rows: {
    ledger: 'All attempts of this range and these filters (CSV)',
    interactions: 'All interactions of this range (CSV)',
    'health-samples': 'All samples of the checks in this range (CSV)',
  },
  progress: {
    label: 'Rows received',
    ofTotal: '{{rows}} of {{total}} rows',
    soFar: '{{rows}} rows so far',
    done: 'Saved: {{rows}} rows.',
    failed: 'The export broke off after {{rows}} rows. Nothing was saved; try again.',
    canceled: 'Canceled after {{rows}} rows. Nothing was saved.',
    cancel: 'Cancel',
  },
  refused: {
    title: 'This export is not possible',
    unknown: 'There is no such export.',
    tooMany: 'Too many exports run at the moment. Try again when one has ended.',
    unavailable: 'The database does not answer at the moment. Try again shortly.',
    reasons: {
      duplicate: 'is given more than once.',
      unknown_format: 'is none in which this export can be given.',
      unknown_table: 'is no table of this report.',
      other: 'is not allowed.',
    },
  },
} as const;
