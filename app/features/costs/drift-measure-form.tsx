import { Form, useActionData, useLocation, useNavigation } from '@remix-run/react';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isMeasured, type DriftAnswer } from './drift-answer.ts';

/** Measures at once, and tells why not where it was refused. */
export function DriftMeasureForm() {
  const { t } = useTranslation();
  const answer = useActionData<DriftAnswer>();
  const { search } = useLocation();
  const { state, formMethod } = useNavigation();
  const isMeasuring = state !== 'idle' && formMethod === 'POST';
  return (
    <>
      {answer && <Alert type="warning" role="alert" title={t(`drift.refusals.${answer.refusal}`)} />}
      {!answer && isMeasured(search) && <Alert type="success" role="status" title={t('drift.done')} />}
      <Form method="post" preventScrollReset>
        <Button htmlType="submit" disabled={isMeasuring}>
          {isMeasuring ? t('drift.measuring') : t('drift.measure')}
        </Button>
      </Form>
    </>
  );
}
